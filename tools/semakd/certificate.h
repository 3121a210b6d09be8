// A self-signed certificate for the first days of an installation.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"

namespace semak {

struct SelfSigned {
  std::string certificate, key;  // PEM
  std::string fingerprint;       // SHA-256 of the certificate, hex in pairs: for whoever wants to compare
};

// ECDSA P-256, for `names` (DNS names and IP addresses), from now for `days`.
Result<SelfSigned> make_self_signed(const std::vector<std::string>& names, int days);

// When the certificate in this PEM file ends, in seconds since 1970; 0 if it cannot be read.
std::int64_t certificate_end(const std::filesystem::path& file);

}  // namespace semak
