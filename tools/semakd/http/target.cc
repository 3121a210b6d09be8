#include "tools/semakd/http/target.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdint>

namespace semak {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Appends the decoded text; false if it is not what parse_target() accepts.
bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return is_utf8_without_controls(out);
}

bool split_path(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    if (path.front() != '/') return false;
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    std::string segment;
    if (!decode(path.substr(0, end), segment) || segment == "." || segment == "..") return false;
    segments.push_back(std::move(segment));
    path.remove_prefix(end);
  }
  if (segments.size() == 1 && segments.front().empty()) segments.clear();
  return true;
}

bool split_query(std::string_view query, std::vector<std::pair<std::string, std::string>>& out) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name, value;
    if (!decode(pair.substr(0, equals), name)) return false;
    if (equals < pair.size() && !decode(pair.substr(equals + 1), value)) return false;
    out.emplace_back(std::move(name), std::move(value));
  }
  return true;
}

}  // namespace

bool is_utf8_without_controls(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(i);
    if (first < 0x80) {
      if (first < 0x20 || first == 0x7f) return false;
      ++i;
      continue;
    }
    const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || i + size > text.size()) return false;
    std::uint32_t code = first & (0xff >> (size + 1));
    for (std::size_t k = 1; k < size; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return false;
      code = code << 6 | (byte(i + k) & 0x3f);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kSmallest[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    if (code < 0xa0) return false;  // C1 controls
    i += size;
  }
  return true;
}

std::optional<Target> parse_target(std::string_view text) {
  Target target;
  std::string_view path, query;
  if (text.starts_with('/')) {
    const auto parsed = boost::urls::parse_origin_form({text.data(), text.size()});
    if (!parsed) return std::nullopt;
    path = {parsed->encoded_path().data(), parsed->encoded_path().size()};
    query = {parsed->encoded_query().data(), parsed->encoded_query().size()};
  } else {
    const auto parsed = boost::urls::parse_absolute_uri({text.data(), text.size()});
    if (!parsed || !parsed->has_authority() || parsed->has_userinfo() ||
        (parsed->scheme() != "http" && parsed->scheme() != "https")) {
      return std::nullopt;
    }
    const auto authority = parsed->encoded_host_and_port();
    target.authority.assign(authority.data(), authority.size());
    path = {parsed->encoded_path().data(), parsed->encoded_path().size()};
    query = {parsed->encoded_query().data(), parsed->encoded_query().size()};
  }
  if (!split_path(path, target.segments) || !split_query(query, target.query)) return std::nullopt;
  return target;
}

std::optional<std::string> host_of(std::string_view authority) {
  const auto parsed = boost::urls::parse_authority({authority.data(), authority.size()});
  if (!parsed || parsed->has_userinfo() || parsed->encoded_host().empty()) return std::nullopt;
  std::string host(parsed->encoded_host().data(), parsed->encoded_host().size());
  for (char& c : host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return host;
}

}  // namespace semak
