// multipart/form-data (RFC 7578), whole in memory, read strictly: anything that two readers could understand in two
// ways is refused. Knows nothing of what the parts mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"

namespace semak {

struct FormPart {
  std::string name;
  std::string file_name;      // empty: a plain field
  std::string content_type;   // without parameters, lower case; empty: not given
  std::string_view contents;  // of the body
};

struct MultipartLimits {
  std::size_t parts_max = 16;
  std::size_t header_bytes_max = 4096;  // of one part
};

// The media type of a Content-Type header, lower case, without parameters.
std::string media_type(std::string_view content_type);

// `contents` of the parts live as long as `body`. Errors: invalid_input, in English, saying nothing of the contents:
// no or a bad boundary, a truncated body, text outside of parts, a part without name, a name twice, a bad file name.
Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                              const MultipartLimits& limits = {});

}  // namespace semak
