// Request bodies, read strictly: nesting limited, a member twice refused, unknown members refused with their place,
// numbers finite. A handler reads the members that it knows and then asks whether anything was wrong:
//
//   JsonBody body(request.body, caller.language);
//   JsonObject top = body.object();
//   const std::string purpose = top.need_text("purpose", 64);
//   JsonObject subject = top.need_object("subject");
//   ...
//   top.finish(); subject.finish();
//   if (!body.ok()) return problem_response(body.problem(), caller);
//
// Reading after a fault is harmless and finds further faults.
#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/semakd/problem.h"

namespace semak {

// Collects what is wrong with a request; keeps the first 20.
class Faults {
 public:
  explicit Faults(Language language) : language_(language) {}

  void add(std::string pointer, std::string code, std::string detail);
  bool empty() const { return faults_.empty(); }
  Language language() const { return language_; }
  // Of kind invalid_content.
  Problem problem() const;

 private:
  Language language_;
  std::vector<FieldFault> faults_;
};

// An object of the body, or nothing where one should be. Valid as long as its JsonBody.
class JsonObject {
 public:
  JsonObject(const boost::json::value* value, std::string pointer, Faults& faults);

  bool present() const { return object_ != nullptr; }
  bool has(std::string_view name) const;  // and is not null
  const std::string& pointer() const { return pointer_; }
  std::string pointer_to(std::string_view name) const;

  // An optional member that is absent or null is nothing. Of the wrong type, too long or empty: a fault and nothing.
  // Texts are valid UTF-8 without control characters (`lines`: but line feeds and tabs).
  std::optional<std::string> text(std::string_view name, std::size_t bytes_max, bool lines = false);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  // One of `choices`; its place among them.
  std::optional<std::size_t> choice(std::string_view name, std::span<const std::string_view> choices);
  std::optional<JsonObject> object(std::string_view name);
  // The items that are there; at most `items_max`.
  std::optional<std::span<const boost::json::value>> array(std::string_view name, std::size_t items_max);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t items_max, std::size_t bytes_max);

  // The same, and a fault if it is not there.
  std::string need_text(std::string_view name, std::size_t bytes_max, bool lines = false);
  bool need_flag(std::string_view name);
  std::int64_t need_integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<std::size_t> need_choice(std::string_view name, std::span<const std::string_view> choices);
  JsonObject need_object(std::string_view name);
  std::span<const boost::json::value> need_array(std::string_view name, std::size_t items_max);
  // Whatever it is: for free-form parts.
  const boost::json::value* any(std::string_view name);

  // Says what is wrong with a member that was read: e.g. fault("date_of_birth", "not_a_date", "...").
  void fault(std::string_view name, std::string code, std::string detail);
  // All members that the handler did not read are unknown.
  void finish();

 private:
  const boost::json::value* member(std::string_view name);
  const boost::json::value* required(std::string_view name);

  const boost::json::object* object_ = nullptr;
  std::string pointer_;
  Faults* faults_;
  std::vector<std::string> read_;
};

class JsonBody {
 public:
  JsonBody(std::string_view text, Language language);
  JsonBody(const JsonBody&) = delete;
  JsonBody& operator=(const JsonBody&) = delete;

  // The whole body; a fault if it is no object.
  JsonObject object();
  const boost::json::value& value() const { return value_; }

  Faults& faults() { return faults_; }
  bool ok() const { return !malformed_ && faults_.empty(); }
  // REQUIRES: !ok(). malformed_request or invalid_content.
  Problem problem() const;

 private:
  Faults faults_;
  std::optional<Problem> malformed_;
  std::array<unsigned char, 4096> piece_;  // of memory: most bodies need no more
  boost::json::monotonic_resource memory_{piece_.data(), piece_.size()};
  boost::json::value value_;
};

// RFC 6901: "/a~1b".
std::string json_pointer(std::string_view parent, std::string_view name);

}  // namespace semak
