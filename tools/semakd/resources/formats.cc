#include "tools/semakd/resources/formats.h"

#include <fmt/format.h>
#include <string>
#include <vector>

#include "tools/semakd/resources/multipart.h"

namespace semak {
namespace {

// Thousandths of the q parameter of one range; malformed ones count as 1.
int quality(std::string_view range) {
  for (std::size_t at = range.find(';'); at != std::string_view::npos; at = range.find(';', at + 1)) {
    std::string_view rest = range.substr(at + 1);
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    if (!rest.starts_with("q=") && !rest.starts_with("Q=")) continue;
    rest.remove_prefix(2);
    if (rest.empty() || (rest.front() != '0' && rest.front() != '1')) return 1000;
    if (rest.front() == '1') return 1000;
    int thousandths = 0, unit = 100;
    if (rest.size() > 1 && rest[1] == '.')
      for (std::size_t i = 2; i < rest.size() && rest[i] >= '0' && rest[i] <= '9' && unit > 0; ++i, unit /= 10)
        thousandths += (rest[i] - '0') * unit;
    return thousandths;
  }
  return 1000;
}

// 3: the type itself, 2: "text/*", 1: "*/*", 0: not it.
int closeness(std::string_view range, std::string_view type) {
  const std::string wanted = media_type(range);
  if (wanted == type) return 3;
  if (wanted == "*/*") return 1;
  const std::size_t slash = type.find('/');
  return wanted.size() == slash + 2 && wanted.ends_with("/*") && type.substr(0, slash) == wanted.substr(0, slash) ? 2
                                                                                                                  : 0;
}

}  // namespace

ChosenFormat match_accept(std::string_view accept, std::span<const OfferedFormat> offered) {
  ChosenFormat chosen;
  int best = 0;
  for (std::size_t i = 0; i < offered.size(); ++i) {
    int close = 0, worth = 0;
    for (std::string_view rest = accept; !rest.empty();) {
      const std::string_view range = rest.substr(0, rest.find(','));
      rest.remove_prefix(range.size() < rest.size() ? range.size() + 1 : range.size());
      const int here = closeness(range, offered[i].media_type);
      if (here > close) {
        close = here;
        worth = quality(range);
      }
    }
    if (close > 0 && worth > best) {
      best = worth;
      chosen = {true, i};
    }
  }
  return chosen;
}

ChosenFormat choose_format(QueryReader& query, const Request& request, std::span<const OfferedFormat> offered) {
  std::vector<std::string_view> names;
  for (const OfferedFormat& format : offered) names.push_back(format.name);
  if (const auto named = query.choice("format", names)) return {true, *named};
  const std::string* accept = request.header("Accept");
  if (accept == nullptr || accept->empty()) return {true, 0};
  return match_accept(*accept, offered);
}

Response not_acceptable(const Caller& caller, std::span<const OfferedFormat> offered) {
  std::vector<std::string_view> types;
  for (const OfferedFormat& format : offered) types.push_back(format.media_type);
  return problem_response(Problem{ProblemKind::not_acceptable,
                                  phrase(Phrase::format_not_offered, caller.language, fmt::join(types, ", ")),
                                  {},
                                  {}},
                          caller);
}

}  // namespace semak
