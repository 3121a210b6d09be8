// The one table of the service: method, path, who may, how much, and what answers. A test walks it with every role.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "engine/actor.h"
#include "tools/semakd/http/lanes.h"
#include "tools/semakd/http/message.h"
#include "tools/semakd/session.h"

namespace semak {

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }

 private:
  static constexpr unsigned bit(Role role) { return 1u << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

inline constexpr RoleSet kEveryRole{Role::submitter, Role::caseworker, Role::registrar, Role::auditor, Role::admin};

// What a request counts for in the key's quota of the day.
enum class Quota : std::uint8_t {
  none,
  lookup,  // one person is asked about; the number in the body is watched for enumeration by the handler
};

using Handler = std::function<Response(const Caller&, const Request&)>;
// Gives its response once, on any thread; caller and request are there until then.
using Reply = std::function<void(Response)>;
using LaterHandler = std::function<void(const Caller&, const Request&, Reply)>;

inline constexpr std::size_t kSmallBody = std::size_t{64} << 10;
inline constexpr std::size_t kLargeBody = std::size_t{64} << 20;

struct Route {
  Method method = Method::get;
  std::string pattern;    // "/v1/screenings/{id}"
  std::string operation;  // operationId of the OpenAPI document
  RoleSet roles;          // who may; others get 403
  bool open = false;      // no key needed
  Lane lane = Lane::interactive;
  std::size_t body_max = 0;   // bytes; 0: a body is refused
  Handler handle;             // thread-safe; may block for what it does, not for other people
  LaterHandler handle_later;  // goes before it
  Quota quota = Quota::none;
  std::vector<std::string> accepts = {"application/json"};  // media types of a body
};

}  // namespace semak
