#include "tools/semakd/resources/idempotency.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <utility>

#include "tools/semakd/problem.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyMax = 128;
constexpr std::int64_t kKeptMs = kDayMs;
constexpr int kVersion = 1;
constexpr std::size_t kAnswerMax = std::size_t{1} << 20;

// Key in the family: keyed mark of tenant and key, since callers may put anything into theirs.
std::string row_of(const Desk& desk, const Caller& caller, std::string_view key) {
  return desk.keys().mark("idempotency", fmt::format("{}\n{}", caller.actor.tenant, key));
}

std::string context_of(std::string_view row) { return fmt::format("idempotency/{}/answer", row); }

struct Kept {
  std::string asked;  // hash
  std::string id;
  std::int64_t time_ms = 0;
  int status = 0;  // 0: begun, not answered
  std::string location, etag, content_type, body;
};

// The answer is sealed: it may say who was asked about.
std::string encode(const Kept& kept, const Desk& desk, std::string_view row) {
  json::object object{
      {"version", kVersion}, {"asked", kept.asked}, {"id", kept.id}, {"time", kept.time_ms}, {"status", kept.status}};
  if (kept.status != 0) {
    const json::object answer{
        {"location", kept.location}, {"etag", kept.etag}, {"content_type", kept.content_type}, {"body", kept.body}};
    object["answer"] = hex(desk.keys().seal(json::serialize(answer), context_of(row)));
  }
  return json::serialize(object);
}

std::optional<Kept> decode(std::string_view bytes, const Desk& desk, std::string_view row) {
  try {
    const json::object object = json::parse(json::string_view(bytes.data(), bytes.size())).as_object();
    if (object.at("version").as_int64() != kVersion) return std::nullopt;
    Kept kept;
    kept.asked = std::string(object.at("asked").as_string());
    kept.id = std::string(object.at("id").as_string());
    kept.time_ms = object.at("time").to_number<std::int64_t>();
    kept.status = object.at("status").to_number<int>();
    if (kept.status == 0) return kept;
    const auto sealed = from_hex(std::string(object.at("answer").as_string()));
    if (!sealed) return std::nullopt;
    const auto opened = desk.keys().open_sealed(*sealed, context_of(row));
    if (!opened) return std::nullopt;
    const json::object answer = json::parse(*opened).as_object();
    kept.location = std::string(answer.at("location").as_string());
    kept.etag = std::string(answer.at("etag").as_string());
    kept.content_type = std::string(answer.at("content_type").as_string());
    kept.body = std::string(answer.at("body").as_string());
    return kept;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

Response given_again(const Kept& kept) {
  Response response;
  response.status = static_cast<HttpStatus>(kept.status);
  response.content_type = kept.content_type;
  response.body = kept.body;
  if (!kept.location.empty()) response.headers.set("Location", kept.location);
  if (!kept.etag.empty()) response.headers.set("ETag", kept.etag);
  response.headers.set("Idempotency-Replayed", "true");
  return response;
}

std::string header_or_empty(const Response& response, std::string_view name) {
  const std::string* value = response.headers.find(name);
  return value == nullptr ? std::string() : *value;
}

}  // namespace

Response Idempotency::run(const Caller& caller, const Request& request,
                          const std::function<Response(const std::string& id)>& make, std::string_view asked,
                          const FindMade& find_made) {
  const std::string* key = request.header("Idempotency-Key");
  if (key == nullptr) return make(new_id());
  const bool good = !key->empty() && key->size() <= kKeyMax &&
                    std::all_of(key->begin(), key->end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!good) {
    Problem problem{ProblemKind::malformed_request, {}, {}, {}};
    problem.faults.push_back(
        {"Idempotency-Key", "not_a_key", phrase(Phrase::idempotency_key_malformed, caller.language, kKeyMax)});
    return problem_response(problem, caller);
  }
  const std::string row = row_of(desk_, caller, *key);
  {
    const std::lock_guard lock(mutex_);
    if (!at_work_.insert(row).second) return conflict(caller, Phrase::idempotency_key_at_work);
  }
  const auto leave = [&](std::string*) {
    const std::lock_guard lock(mutex_);
    at_work_.erase(row);
  };
  std::string here;
  const std::unique_ptr<std::string, decltype(leave)> leaving(&here, leave);
  return run_once(caller, request, row, asked, make, find_made);
}

Response Idempotency::run_once(const Caller& caller, const Request& request, const std::string& row,
                               std::string_view asked, const std::function<Response(const std::string& id)>& make,
                               const FindMade& find_made) {
  // Blind: without the keys nobody can try identity numbers against it.
  const std::string hash = desk_.keys().mark(
      "request", fmt::format("{}\n{}\n{}\n{}", to_string(request.method), request.target, caller.actor.id,
                             asked.empty() ? std::string_view(request.body) : asked));
  auto stored = desk_.database().get(family(DeskFamily::idempotency), row);
  if (!stored) return problem_response(stored.error(), caller);
  Kept kept;
  if (*stored) {
    const auto earlier = decode(**stored, desk_, row);
    if (earlier && earlier->time_ms + kKeptMs > now_ms()) {
      if (earlier->asked != hash)
        return invalid(caller, "Idempotency-Key", "used_otherwise",
                       phrase(Phrase::idempotency_key_used, caller.language));
      if (earlier->status != 0) return given_again(*earlier);
      kept = *earlier;
    }
  }
  std::optional<Response> made;
  if (!kept.id.empty() && find_made) made = find_made();
  if (kept.id.empty()) {
    kept = {hash, new_id(), now_ms(), 0, {}, {}, {}, {}};
    WriteSet begun;
    begun.put(family(DeskFamily::idempotency), row, encode(kept, desk_, row));
    if (auto done = desk_.commit(begun, {}); !done) return problem_response(done.error(), caller);
  }
  Response response = made ? *std::move(made) : make(kept.id);
  const int status = number_of(response.status);
  WriteSet after;
  if (status >= 200 && status < 300 && !response.stream && response.body.size() <= kAnswerMax) {
    kept.status = status;
    kept.location = header_or_empty(response, "Location");
    kept.etag = header_or_empty(response, "ETag");
    kept.content_type = response.content_type;
    kept.body = response.body;
    after.put(family(DeskFamily::idempotency), row, encode(kept, desk_, row));
  } else if (status < 500) {
    after.remove(family(DeskFamily::idempotency), row);
  }
  // If this fails, a repetition finds the begun one and makes the same thing again: nothing is lost.
  if (!after.empty()) static_cast<void>(desk_.commit(after, {}).ok());
  return response;
}

Status Idempotency::sweep(std::int64_t now) {
  WriteSet old;
  Cursor cursor = desk_.database().cursor(family(DeskFamily::idempotency), Database::Access::scan);
  for (cursor.seek(""); cursor.valid(); cursor.next()) {
    const auto kept = decode(cursor.value(), desk_, cursor.key());
    if (!kept || kept->time_ms + kKeptMs <= now) old.remove(family(DeskFamily::idempotency), cursor.key());
  }
  SEMAK_TRY_STATUS(cursor.status());
  if (old.empty()) return {};
  SEMAK_TRY(const std::uint64_t sequence, desk_.commit(old, {}));
  static_cast<void>(sequence);
  return {};
}

}  // namespace semak
