// A policy file as people name it on the command line.
#pragma once

#include <string>

#include "engine/policy.h"
#include "engine/result.h"

namespace semak {

struct PolicyFile {
  Policy policy;
  std::string toml;
};
// Errors: not_found; invalid_input, naming file, line, key and cure.
Result<PolicyFile> read_policy_file(const std::string& path);

}  // namespace semak
