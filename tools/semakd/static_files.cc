#include "tools/semakd/static_files.h"

#include <algorithm>

namespace semak {

const StaticFile* find_static_file(std::string_view path) {
  if (path == "/index.html") path = "/";
  const auto files = static_files();
  const auto found = std::ranges::lower_bound(files, path, {}, &StaticFile::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

}  // namespace semak
