// Which pattern does a path belong to? Patterns are "/v1/checks/{id}/receipt": fixed segments and {names} that take
// exactly one segment; a fixed segment wins over a name. Knows nothing of what is behind a route.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/semakd/http/message.h"

namespace semak {

class Router {
 public:
  enum class Outcome { found, no_path, no_method };
  struct Match {
    Outcome outcome = Outcome::no_path;
    std::size_t route = 0;        // of found: what add() returned
    std::vector<Method> allowed;  // of no_method: what the path has (HEAD with GET, and OPTIONS)
    std::vector<std::pair<std::string, std::string>> parameters;
  };

  Router();
  ~Router();
  Router(Router&&) noexcept;

  // The number of the route: 0, 1, 2... A pattern and method that are there already, or a malformed pattern, are our
  // own bug.
  std::size_t add(Method method, std::string_view pattern);
  // HEAD finds GET's route. `segments`: of the path, decoded.
  Match find(Method method, const std::vector<std::string>& segments) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::size_t routes_ = 0;
};

std::string allow_header(const std::vector<Method>& methods);  // "GET, HEAD, OPTIONS"

}  // namespace semak
