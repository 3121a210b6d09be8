// A value, or the reason there is none. Everything that can fail because of the world (files, disks,
// input) returns one of these; our own bugs go through check.h; exceptions are caught where other
// libraries throw them. Ignoring a Result or Status does not compile (nodiscard + -Werror).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace semak {

enum class ErrorCode {
  invalid_input,     // the caller's data or arguments; the message says which file, line, field and the cure
  not_found,         // a register, record or file that is not there
  already_exists,    // it is there and must not be
  permission,        // the operating system refused
  busy,              // another process holds the database
  no_space,          // disk or quota is full
  version_mismatch,  // written by another version of Semak
  corruption,        // bytes that are not what was written
  io,                // any other failure of a device or file
  unavailable,       // a needed part cannot serve now
};

struct Error {
  ErrorCode code = ErrorCode::io;
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }
  // REQUIRES: ok()
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  // REQUIRES: !ok()
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_.has_value(); }
  bool ok() const { return !error_.has_value(); }
  // REQUIRES: !ok()
  const Error& error() const& { return *error_; }
  Error&& error() && { return *std::move(error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace semak

#define SEMAK_CONCAT_INNER(a, b) a##b
#define SEMAK_CONCAT(a, b) SEMAK_CONCAT_INNER(a, b)

// SEMAK_TRY(auto x, f()): x = value of f(), or return its error. Several statements: wants braces around it.
#define SEMAK_TRY(declaration, expression)                                                               \
  auto SEMAK_CONCAT(semak_try_, __LINE__) = (expression);                                                \
  if (!SEMAK_CONCAT(semak_try_, __LINE__)) return std::move(SEMAK_CONCAT(semak_try_, __LINE__)).error(); \
  declaration = std::move(SEMAK_CONCAT(semak_try_, __LINE__)).value()

// SEMAK_TRY_STATUS(f()): go on if f() succeeded, or return its error.
#define SEMAK_TRY_STATUS(expression) \
  if (auto semak_status = (expression); !semak_status) return std::move(semak_status).error()
