#include "engine/screen/file_hash.h"

#include <fstream>
#include <string>

#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {
namespace {

TEST_CASE("the hash of a file is BLAKE2b-128 of its bytes", "[engine][screen]") {
  const TemporaryFolder folder;
  std::ofstream(folder / "empty").flush();
  std::ofstream(folder / "abc") << "abc";
  // As `b2sum -l 128` prints them.
  CHECK(hash_file(folder / "empty")->hex == "cae66941d9efbd404e4d88758ea67670");
  CHECK(hash_file(folder / "abc")->hex == "cf4ab791c62b8d2b2109c90275287816");
  CHECK(hash_file(folder / "abc")->bytes == 3);
  std::ofstream(folder / "long") << std::string(1'000'000, 'x');
  CHECK(hash_file(folder / "long")->bytes == 1'000'000);
  CHECK(hash_file(folder / "none").error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace semak
