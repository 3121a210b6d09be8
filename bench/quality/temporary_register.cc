#include "bench/quality/temporary_register.h"

#include <algorithm>
#include <stdlib.h>
#include <string>
#include <tbb/parallel_for.h>
#include <utility>
#include <vector>

#include "index/index_writer.h"

namespace semak {

Result<std::unique_ptr<TemporaryRegister>> TemporaryRegister::build(
    const Normalizer& normalizer, std::uint64_t people, const std::function<Profile(std::uint64_t)>& profile_of) {
  constexpr std::uint64_t kChunk = 4096;
  std::unique_ptr<TemporaryRegister> made(new TemporaryRegister);
  std::string path = (std::filesystem::temp_directory_path() / "semak-quality-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) return Error{ErrorCode::io, path + ": no temporary folder can be made"};
  made->folder_ = path;
  IndexBuilder builder(made->folder_, normalizer.version());
  tbb::parallel_for(std::uint64_t{0}, (people + kChunk - 1) / kChunk, [&](std::uint64_t chunk) {
    std::vector<IndexedPerson> part;
    const std::uint64_t end = std::min(people, (chunk + 1) * kChunk);
    for (std::uint64_t i = chunk * kChunk; i < end; ++i) part.push_back({{i + 1}, profile_of(i)});
    builder.add(chunk, part);
  });
  SEMAK_TRY(const Manifest manifest, builder.finish({1}, {}));
  SEMAK_TRY(made->snapshot_, Snapshot::open(made->folder_, manifest, false));
  return made;
}

TemporaryRegister::~TemporaryRegister() {
  snapshot_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace semak
