// The web console as data: what tools/console builds (hashed names, gzip) is compiled in. Without the console
// (-DSEMAK_CONSOLE=OFF) there are no files. Serve `find_static_file(path)` for GET and HEAD; the console routes behind
// `#`, so no other path is its own.
#pragma once

#include <span>
#include <string_view>

namespace semak {

struct StaticFile {
  std::string_view path;          // "/assets/app-K3JX2Q.js"; the page itself is "/"
  std::string_view content_type;  // with its charset
  std::string_view etag;          // quoted, as it stands in the header; of the content
  std::string_view bytes;
  std::string_view gzip;   // the same compressed; empty where that is no smaller
  bool immutable = false;  // its name changes with its content: may be cached for good; others are asked for again
};

std::span<const StaticFile> static_files();  // by path
// Null if there is none. "/index.html" is "/".
const StaticFile* find_static_file(std::string_view path);

// The header Content-Security-Policy for "/": own files only, nothing inline, no frames.
inline constexpr std::string_view kConsoleSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

}  // namespace semak
