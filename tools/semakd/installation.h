// `semakd init`: a folder from which the service can start, safe as it is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/office/callers.h"
#include "engine/result.h"
#include "tools/semakd/config.h"

namespace semak {

struct InstallationRequest {
  std::filesystem::path folder;
  std::string tenant = "employer";  // of the submitter's key
  std::vector<std::string> names;   // of the certificate, besides localhost and this machine's
  std::string listen;               // empty: the default
};

struct Installation {
  Config config;
  std::vector<Callers::Made> keys;  // one for each role, shown once
  std::string fingerprint;          // of the certificate
};

// Makes the folder, which must not exist or be empty. Errors: already_exists, permission, io, invalid_input.
Result<Installation> make_installation(const InstallationRequest& request);
// One more key for an installation whose service is not running.
Result<Callers::Made> make_caller_key(const Config& config, const NewCallerKey& wanted);

}  // namespace semak
