#include "tools/semakd/session.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace semak {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// 0 to 1000; RFC 9110's qvalue.
int quality(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  int thousandths = 0, place = 100;
  std::string_view digits = trimmed(parameters.substr(at + 2));
  if (digits.empty() || (digits.front() != '0' && digits.front() != '1')) return 0;
  if (digits.front() == '1') return 1000;
  digits.remove_prefix(1);
  if (!digits.empty() && digits.front() == '.') digits.remove_prefix(1);
  for (const char c : digits) {
    if (c < '0' || c > '9' || place == 0) break;
    thousandths += (c - '0') * place;
    place /= 10;
  }
  return thousandths;
}

}  // namespace

Language language_of(const std::string* accept_language) {
  if (accept_language == nullptr) return Language::en;
  int malay = -1, english = -1, any = -1;
  std::string_view rest = *accept_language;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    std::string tag(trimmed(item.substr(0, semicolon)));
    std::transform(tag.begin(), tag.end(), tag.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const int q = quality(item.substr(semicolon));
    if (tag == "ms" || tag.starts_with("ms-")) malay = std::max(malay, q);
    if (tag == "en" || tag.starts_with("en-")) english = std::max(english, q);
    if (tag == "*") any = q;
  }
  if (english < 0) english = any;
  return malay > 0 && malay > english ? Language::ms : Language::en;
}

}  // namespace semak
