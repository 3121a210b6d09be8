#include "tools/semakd/resources/query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

constexpr std::int64_t kLimitDefault = 50, kLimitMax = 200;
constexpr std::size_t kFaultsMax = 20;

}  // namespace

bool is_id(std::string_view text) {
  constexpr std::size_t kIdMax = 64;
  return !text.empty() && text.size() <= kIdMax && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("_.:-").find(c) != std::string_view::npos;
  });
}

const std::string* QueryReader::value(std::string_view name) {
  read_.push_back(name);
  return request_.query_value(name);
}

void QueryReader::fault(std::string_view name, std::string code, std::string detail) {
  if (faults_.size() < kFaultsMax) faults_.push_back({fmt::format("?{}", name), std::move(code), std::move(detail)});
}

std::optional<std::string> QueryReader::text(std::string_view name, std::size_t bytes_max) {
  const std::string* found = value(name);
  if (found == nullptr) return std::nullopt;
  if (found->size() > bytes_max) {
    fault(name, "too_long", phrase(Phrase::json_too_long, language_, bytes_max));
    return std::nullopt;
  }
  return *found;
}

std::optional<std::string> QueryReader::id(std::string_view name) {
  auto found = text(name, 512);
  if (!found || is_id(*found)) return found;
  fault(name, "not_an_id", phrase(Phrase::query_not_an_id, language_));
  return std::nullopt;
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const std::string* found = value(name);
  if (found == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const char* end = found->data() + found->size();
  const auto [at, failed] = std::from_chars(found->data(), end, number);
  if (failed == std::errc() && at == end && number >= min && number <= max) return number;
  fault(name, "not_an_integer", phrase(Phrase::json_not_integer, language_, min, max));
  return std::nullopt;
}

std::optional<bool> QueryReader::flag(std::string_view name) {
  const std::string* found = value(name);
  if (found == nullptr) return std::nullopt;
  if (*found == "true") return true;
  if (*found == "false") return false;
  fault(name, "not_a_flag", phrase(Phrase::json_not_flag, language_));
  return std::nullopt;
}

std::optional<std::size_t> QueryReader::choice(std::string_view name, std::span<const std::string_view> choices) {
  const std::string* found = value(name);
  if (found == nullptr) return std::nullopt;
  const auto at = std::find(choices.begin(), choices.end(), *found);
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  fault(name, "not_a_choice", phrase(Phrase::json_not_choice, language_, fmt::join(choices, ", ")));
  return std::nullopt;
}

std::optional<std::int64_t> QueryReader::time_ms(std::string_view name) {
  const std::string* found = value(name);
  if (found == nullptr) return std::nullopt;
  const auto time = parse_time(*found);
  if (!time) fault(name, "not_a_time", phrase(Phrase::query_not_a_time, language_));
  return time;
}

std::size_t QueryReader::limit() {
  return static_cast<std::size_t>(integer("limit", 1, kLimitMax).value_or(kLimitDefault));
}

std::optional<Problem> QueryReader::finish() {
  for (std::size_t i = 0; i < request_.query.size(); ++i) {
    const std::string& name = request_.query[i].first;
    if (std::find(read_.begin(), read_.end(), name) == read_.end())
      fault(name, "unknown_parameter", phrase(Phrase::query_unknown, language_));
    else if (std::any_of(request_.query.begin(), request_.query.begin() + static_cast<std::ptrdiff_t>(i),
                         [&](const auto& earlier) { return earlier.first == name; }))
      fault(name, "twice", phrase(Phrase::query_twice, language_));
  }
  if (faults_.empty()) return std::nullopt;
  return Problem{ProblemKind::malformed_request, {}, std::move(faults_), {}};
}

Language asked_language(QueryReader& query, const Caller& caller) {
  constexpr std::array<std::string_view, 2> kLanguages = {"ms", "en"};
  const auto choice = query.choice("lang", kLanguages);
  if (!choice) return caller.language;
  return *choice == 0 ? Language::ms : Language::en;
}

}  // namespace semak
