#include "tools/semakd/http/message.h"

#include <algorithm>

namespace semak {
namespace {

constexpr std::pair<Method, const char*> kMethods[] = {
    {Method::get, "GET"},     {Method::head, "HEAD"},      {Method::post, "POST"},      {Method::put, "PUT"},
    {Method::patch, "PATCH"}, {Method::delete_, "DELETE"}, {Method::options, "OPTIONS"}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const char* to_string(Method method) {
  for (const auto& [each, name] : kMethods) {
    if (each == method) return name;
  }
  return "OTHER";
}

Method method_from(std::string_view text) {
  for (const auto& [each, name] : kMethods) {
    if (text == name) return each;
  }
  return Method::other;
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  fields_.emplace_back(std::string(name), std::move(value));
}

const std::string* Headers::find(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return same_name(field.first, name); });
  return found == fields_.end() ? nullptr : &found->second;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const auto& field) { return same_name(field.first, name); }));
}

std::string_view Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters) {
    if (key == name) return value;
  }
  return {};
}

const std::string* Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string server_sent_event(std::string_view event, std::string_view id, std::string_view data) {
  std::string text;
  if (!event.empty()) text.append("event: ").append(event).append("\n");
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  for (std::size_t at = 0; at <= data.size();) {
    const std::size_t end = std::min(data.find('\n', at), data.size());
    text.append("data: ").append(data.substr(at, end - at)).append("\n");
    at = end + 1;
  }
  return text.append("\n");
}

}  // namespace semak
