#include "tools/semakd/json.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <utility>

#include "tools/semakd/http/target.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kFaultsMax = 20;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kLinearKeys = 16;  // up to here members are compared one by one

// Builds the value and refuses what boost::json takes: members that stand there twice, infinite numbers.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = 1024;
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  json::value take() { return stack_.release(); }
  const std::optional<std::string>& twice() const { return twice_; }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return enter(false); }
  bool on_object_end(std::size_t size, json::error_code&) {
    stack_.push_object(size);
    return leave();
  }
  bool on_array_begin(json::error_code&) { return enter(true); }
  bool on_array_end(std::size_t size, json::error_code&) {
    stack_.push_array(size);
    return leave();
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    key_.append(part.data(), part.size());
    stack_.push_key(part);
    Level& level = levels_.back();
    if (std::find(level.keys.begin(), level.keys.end(), key_) != level.keys.end()) {
      twice_ = pointer() + json_pointer("", key_);
      error = json::error::exception;
      return false;
    }
    if (level.keys.size() > kKeysMax) {
      error = json::error::object_too_large;
      return false;
    }
    level.keys.push_back(std::move(key_));
    key_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack_.push_string(part);
    return value();
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) {
    stack_.push_int64(number);
    return value();
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) {
    stack_.push_uint64(number);
    return value();
  }
  bool on_double(double number, json::string_view, json::error_code& error) {
    if (!std::isfinite(number)) {
      error = json::error::exponent_overflow;
      return false;
    }
    stack_.push_double(number);
    return value();
  }
  bool on_bool(bool flag, json::error_code&) {
    stack_.push_bool(flag);
    return value();
  }
  bool on_null(json::error_code&) {
    stack_.push_null();
    return value();
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  void begin(json::storage_ptr storage) { stack_.reset(std::move(storage)); }

 private:
  struct Level {
    bool array = false;
    std::size_t items = 0;
    std::vector<std::string> keys;
  };
  static constexpr std::size_t kKeysMax = 512;  // members of one object: no form of ours has as many

  bool enter(bool array) {
    levels_.push_back({array, 0, {}});
    return true;
  }
  bool leave() {
    levels_.pop_back();
    return value();
  }
  bool value() {
    if (!levels_.empty()) ++levels_.back().items;
    return true;
  }
  // Of the innermost open object.
  std::string pointer() const {
    std::string text;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      const Level& level = levels_[i];
      text = json_pointer(text, level.array ? std::to_string(level.items) : level.keys.back());
    }
    return text;
  }

  json::value_stack stack_;
  std::vector<Level> levels_;
  std::string key_;
  std::optional<std::string> twice_;
};

bool has_controls(std::string_view text, bool lines) {
  if (!lines) return !is_utf8_without_controls(text);
  std::string rest(text);
  std::erase_if(rest, [](char c) { return c == '\n' || c == '\t' || c == '\r'; });
  return !is_utf8_without_controls(rest);
}

}  // namespace

std::string json_pointer(std::string_view parent, std::string_view name) {
  std::string text(parent);
  text += '/';
  for (const char c : name) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

void Faults::add(std::string pointer, std::string code, std::string detail) {
  if (faults_.size() < kFaultsMax) faults_.push_back({std::move(pointer), std::move(code), std::move(detail)});
}

Problem Faults::problem() const { return {ProblemKind::invalid_content, {}, faults_, {}}; }

JsonObject::JsonObject(const json::value* value, std::string pointer, Faults& faults)
    : pointer_(std::move(pointer)), faults_(&faults) {
  if (value == nullptr) return;
  object_ = value->if_object();
  if (object_ == nullptr) faults.add(pointer_, "not_an_object", phrase(Phrase::json_not_object, faults.language()));
}

bool JsonObject::has(std::string_view name) const {
  if (object_ == nullptr) return false;
  const json::value* value = object_->if_contains({name.data(), name.size()});
  return value != nullptr && !value->is_null();
}

std::string JsonObject::pointer_to(std::string_view name) const { return json_pointer(pointer_, name); }

const json::value* JsonObject::member(std::string_view name) {
  read_.emplace_back(name);
  return has(name) ? object_->if_contains({name.data(), name.size()}) : nullptr;
}

const json::value* JsonObject::required(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr && object_ != nullptr) {
    fault(name, "required", phrase(Phrase::json_required, faults_->language()));
  }
  return value;
}

void JsonObject::fault(std::string_view name, std::string code, std::string detail) {
  faults_->add(pointer_to(name), std::move(code), std::move(detail));
}

std::optional<std::string> JsonObject::text(std::string_view name, std::size_t bytes_max, bool lines) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  const Language language = faults_->language();
  const json::string* string = value->if_string();
  if (string == nullptr) {
    fault(name, "not_a_string", phrase(Phrase::json_not_text, language));
  } else if (string->empty()) {
    fault(name, "empty", phrase(Phrase::json_too_short, language));
  } else if (string->size() > bytes_max) {
    fault(name, "too_long", phrase(Phrase::json_too_long, language, bytes_max));
  } else if (has_controls({string->data(), string->size()}, lines)) {
    fault(name, "control_characters", phrase(Phrase::json_control, language));
  } else {
    return std::string(string->data(), string->size());
  }
  return std::nullopt;
}

std::optional<bool> JsonObject::flag(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  fault(name, "not_a_boolean", phrase(Phrase::json_not_flag, faults_->language()));
  return std::nullopt;
}

std::optional<std::int64_t> JsonObject::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  const std::int64_t* number = value->if_int64();
  if (number != nullptr && *number >= min && *number <= max) return *number;
  fault(name, "not_an_integer", phrase(Phrase::json_not_integer, faults_->language(), min, max));
  return std::nullopt;
}

std::optional<std::size_t> JsonObject::choice(std::string_view name, std::span<const std::string_view> choices) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  if (const json::string* string = value->if_string()) {
    const auto found = std::find(choices.begin(), choices.end(), std::string_view(string->data(), string->size()));
    if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  }
  std::string all;
  for (const std::string_view each : choices) all.append(all.empty() ? "" : ", ").append(each);
  fault(name, "not_a_choice", phrase(Phrase::json_not_choice, faults_->language(), all));
  return std::nullopt;
}

std::optional<JsonObject> JsonObject::object(std::string_view name) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  return JsonObject(value, pointer_to(name), *faults_);
}

std::optional<std::span<const json::value>> JsonObject::array(std::string_view name, std::size_t items_max) {
  const json::value* value = member(name);
  if (value == nullptr) return std::nullopt;
  const json::array* items = value->if_array();
  if (items != nullptr && items->size() <= items_max) return std::span<const json::value>(items->data(), items->size());
  fault(name, "not_an_array", phrase(Phrase::json_not_array, faults_->language(), items_max));
  return std::nullopt;
}

std::optional<std::vector<std::string>> JsonObject::texts(std::string_view name, std::size_t items_max,
                                                          std::size_t bytes_max) {
  const auto items = array(name, items_max);
  if (!items) return std::nullopt;
  const Language language = faults_->language();
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const std::string place = json_pointer(pointer_to(name), std::to_string(i));
    const json::string* string = (*items)[i].if_string();
    if (string == nullptr) {
      faults_->add(place, "not_a_string", phrase(Phrase::json_not_text, language));
    } else if (string->empty()) {
      faults_->add(place, "empty", phrase(Phrase::json_too_short, language));
    } else if (string->size() > bytes_max) {
      faults_->add(place, "too_long", phrase(Phrase::json_too_long, language, bytes_max));
    } else if (has_controls({string->data(), string->size()}, false)) {
      faults_->add(place, "control_characters", phrase(Phrase::json_control, language));
    } else {
      texts.emplace_back(string->data(), string->size());
    }
  }
  return texts;
}

std::string JsonObject::need_text(std::string_view name, std::size_t bytes_max, bool lines) {
  return required(name) == nullptr ? std::string() : text(name, bytes_max, lines).value_or("");
}

bool JsonObject::need_flag(std::string_view name) { return required(name) != nullptr && flag(name).value_or(false); }

std::int64_t JsonObject::need_integer(std::string_view name, std::int64_t min, std::int64_t max) {
  return required(name) == nullptr ? min : integer(name, min, max).value_or(min);
}

std::optional<std::size_t> JsonObject::need_choice(std::string_view name, std::span<const std::string_view> choices) {
  if (required(name) == nullptr) return std::nullopt;
  return choice(name, choices);
}

JsonObject JsonObject::need_object(std::string_view name) {
  return JsonObject(required(name), pointer_to(name), *faults_);
}

std::span<const json::value> JsonObject::need_array(std::string_view name, std::size_t items_max) {
  if (required(name) == nullptr) return {};
  return array(name, items_max).value_or(std::span<const json::value>());
}

const json::value* JsonObject::any(std::string_view name) { return member(name); }

void JsonObject::finish() {
  if (object_ == nullptr) return;
  for (const auto& entry : *object_) {
    const std::string_view name(entry.key().data(), entry.key().size());
    if (std::find(read_.begin(), read_.end(), name) == read_.end()) {
      fault(name, "unknown_member", phrase(Phrase::json_unknown, faults_->language()));
    }
  }
}

JsonBody::JsonBody(std::string_view text, Language language) : faults_(language), value_(json::storage_ptr(&memory_)) {
  if (text.empty()) {
    malformed_ = Problem{ProblemKind::malformed_request, phrase(Phrase::json_empty, language), {}, {}};
    return;
  }
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::basic_parser<StrictHandler> parser(options);
  parser.handler().begin(&memory_);
  json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = json::error::extra_data;
  if (error) {
    malformed_ = Problem{
        ProblemKind::malformed_request, phrase(Phrase::json_malformed, language, read, error.message()), {}, {}};
    if (const auto& twice = parser.handler().twice()) {
      malformed_->detail.clear();
      malformed_->faults.push_back({*twice, "duplicate_member", phrase(Phrase::json_twice, language)});
    }
    return;
  }
  value_ = parser.handler().take();
}

JsonObject JsonBody::object() {
  if (malformed_) return JsonObject(nullptr, "", faults_);
  return JsonObject(&value_, "", faults_);
}

Problem JsonBody::problem() const { return malformed_ ? *malformed_ : faults_.problem(); }

}  // namespace semak
