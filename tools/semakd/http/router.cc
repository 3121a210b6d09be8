#include "tools/semakd/http/router.h"

#include <algorithm>
#include <map>

#include "engine/check.h"

namespace semak {
namespace {

std::vector<std::string_view> split(std::string_view pattern) {
  std::vector<std::string_view> parts;
  if (pattern == "/") return parts;
  while (!pattern.empty()) {
    SEMAK_CHECK(pattern.front() == '/');
    pattern.remove_prefix(1);
    const std::size_t end = std::min(pattern.find('/'), pattern.size());
    parts.push_back(pattern.substr(0, end));
    pattern.remove_prefix(end);
  }
  return parts;
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
  std::unique_ptr<Node> any;
  std::string any_name;
  std::map<Method, std::size_t> routes;
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;

std::size_t Router::add(Method method, std::string_view pattern) {
  Node* node = root_.get();
  for (const std::string_view part : split(pattern)) {
    std::unique_ptr<Node>* next = nullptr;
    if (part.starts_with('{')) {
      SEMAK_CHECK(part.ends_with('}') && part.size() > 2);
      const std::string_view name = part.substr(1, part.size() - 2);
      SEMAK_CHECK(!node->any || node->any_name == name);
      node->any_name = name;
      next = &node->any;
    } else {
      next = &node->fixed[std::string(part)];
    }
    if (!*next) *next = std::make_unique<Node>();
    node = next->get();
  }
  SEMAK_CHECK(!node->routes.contains(method));
  node->routes[method] = routes_;
  return routes_++;
}

Router::Match Router::find(Method method, const std::vector<std::string>& segments) const {
  Match match;
  const Node* node = root_.get();
  for (const std::string& segment : segments) {
    const auto fixed = node->fixed.find(segment);
    if (fixed != node->fixed.end()) {
      node = fixed->second.get();
    } else if (node->any && !segment.empty()) {
      match.parameters.emplace_back(node->any_name, segment);
      node = node->any.get();
    } else {
      return match;
    }
  }
  if (node->routes.empty()) return match;
  auto route = node->routes.find(method);
  if (route == node->routes.end() && method == Method::head) route = node->routes.find(Method::get);
  if (route != node->routes.end()) {
    match.outcome = Outcome::found;
    match.route = route->second;
    return match;
  }
  match.outcome = Outcome::no_method;
  for (const auto& [each, number] : node->routes) {
    match.allowed.push_back(each);
    if (each == Method::get) match.allowed.push_back(Method::head);
  }
  match.allowed.push_back(Method::options);
  return match;
}

std::string allow_header(const std::vector<Method>& methods) {
  std::string text;
  for (const Method method : methods) text.append(text.empty() ? "" : ", ").append(to_string(method));
  return text;
}

}  // namespace semak
