#include <fcntl.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/tools/run_semak.h"

namespace semak {

TEST_CASE("semak backup beside a process that has the desk says which one, and how a running service makes backups") {
  const TestFolder folder;
  const std::string db = folder / "db";
  write_text(folder / "off.csv", "id,name,id_number,dob,sex\nR1,Ahmad Fauzi bin Osman,790412-08-5531,1979-04-12,M\n");
  REQUIRE(run_semak({"load", "--db", db, "--register", "offenders", "--kind", "offender", folder / "off.csv"}).status ==
          0);
  const int file = ::open((db + "/desk/LOCK").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(file >= 0);
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  REQUIRE(::fcntl(file, F_SETLK, &lock) == 0);
  const Ran refused = run_semak({"backup", "--db", db, "--out", folder / "backup"});
  ::close(file);
  CHECK(refused.status != 0);
  CHECK(refused.err.find("tools_tests (process " + std::to_string(::getpid()) + ")") != std::string::npos);
  CHECK(refused.err.find("POST /v1/backups") != std::string::npos);
  CHECK(run_semak({"backup", "--db", db, "--out", folder / "backup"}).status == 0);
}

}  // namespace semak
