#include "engine/result.h"

#include <memory>
#include <string>

#include "tests/catch.h"

using semak::Error;
using semak::ErrorCode;
using semak::Result;
using semak::Status;

namespace {

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return Error{ErrorCode::invalid_input, std::string("not a digit: ") + c};
  return c - '0';
}

Result<int> sum_digits(const std::string& text) {
  int sum = 0;
  for (const char c : text) {
    SEMAK_TRY(const int digit, parse_digit(c));
    sum += digit;
  }
  return sum;
}

Status digits_only(const std::string& text, int* looked_at) {
  for (const char c : text) {
    ++*looked_at;
    SEMAK_TRY_STATUS([&]() -> Status {
      auto digit = parse_digit(c);
      if (!digit) return std::move(digit).error();
      return {};
    }());
  }
  return {};
}

Result<std::unique_ptr<int>> owner(bool fine) {
  if (!fine) return Error{ErrorCode::unavailable, "nobody home"};
  return std::make_unique<int>(7);
}

Result<int> unwrap(bool fine) {
  SEMAK_TRY(auto owned, owner(fine));
  return *owned;
}

}  // namespace

TEST_CASE("a result holds a value or the reason there is none", "[engine][result]") {
  const auto seven = parse_digit('7');
  REQUIRE(seven);
  CHECK(seven.ok());
  CHECK(*seven == 7);
  const auto none = parse_digit('x');
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::invalid_input);
  CHECK(none.error().message == "not a digit: x");
}

TEST_CASE("trying goes on with the value or returns the first error", "[engine][result]") {
  CHECK(sum_digits("1234").value() == 10);
  CHECK(sum_digits("").value() == 0);
  CHECK(sum_digits("1a2b").error().message == "not a digit: a");
}

TEST_CASE("values that only move pass through a result", "[engine][result]") {
  CHECK(*unwrap(true) == 7);
  CHECK(unwrap(false).error().code == ErrorCode::unavailable);
  auto owned = owner(true);
  CHECK(**owned == 7);
}

TEST_CASE("a status is fine unless an error made it", "[engine][result]") {
  CHECK(Status{}.ok());
  const Status full = Error{ErrorCode::no_space, "disk is full"};
  REQUIRE_FALSE(full);
  CHECK(full.error().code == ErrorCode::no_space);
}

TEST_CASE("trying a status stops at the first error", "[engine][result]") {
  int looked_at = 0;
  CHECK(digits_only("123", &looked_at).ok());
  CHECK(looked_at == 3);
  looked_at = 0;
  CHECK(digits_only("1x3", &looked_at).error().message == "not a digit: x");
  CHECK(looked_at == 2);
}

TEST_CASE("a result may hold a text or an error with a text without mixing them up", "[engine][result]") {
  const Result<std::string> text = std::string("invalid");
  CHECK(text.ok());
  CHECK(*text == "invalid");
  CHECK(text->size() == 7);
}
