// What all verbs share: exit statuses, error output, Ctrl-C.
#pragma once

#include <string>
#include <string_view>

#include "engine/result.h"
#include "tools/semak/arguments.h"

namespace semak {

enum ExitStatus : int { kDone = 0, kDoneWithFindings = 1, kWrongUse = 2, kCouldNot = 3 };

// Prints to standard error; the status that the code of the error deserves.
int fail(const Error& error);
// Wrong use of `verb`: adds where help is.
int misuse(const Arguments& arguments, const Error& error);
void warn(std::string_view text);
void print(std::string_view text);  // standard output

// A file name of an option; "-" also for /dev/stdout, so that nothing else is printed between the rows.
std::string output_name(const Arguments& arguments, std::string_view option);

// Ctrl-C and SIGTERM end the process with a word and without unfinished files; a closed pipe ends it quietly.
void install_signal_handlers();

inline constexpr std::string_view kOutputFormats[] = {"text", "json"};

}  // namespace semak

// SEMAK_ASK(auto x, f()): x = value of f(), or leave the verb as wrong use.
#define SEMAK_ASK(declaration, expression)                                         \
  auto SEMAK_CONCAT(semak_ask_, __LINE__) = (expression);                          \
  if (!SEMAK_CONCAT(semak_ask_, __LINE__))                                         \
    return ::semak::misuse(arguments, SEMAK_CONCAT(semak_ask_, __LINE__).error()); \
  declaration = std::move(SEMAK_CONCAT(semak_ask_, __LINE__)).value()

// SEMAK_DO(auto x, f()): x = value of f(), or leave the verb with its error.
#define SEMAK_DO(declaration, expression)                                                                  \
  auto SEMAK_CONCAT(semak_do_, __LINE__) = (expression);                                                   \
  if (!SEMAK_CONCAT(semak_do_, __LINE__)) return ::semak::fail(SEMAK_CONCAT(semak_do_, __LINE__).error()); \
  declaration = std::move(SEMAK_CONCAT(semak_do_, __LINE__)).value()

#define SEMAK_DO_STATUS(expression) \
  if (auto semak_status = (expression); !semak_status) return ::semak::fail(semak_status.error())
