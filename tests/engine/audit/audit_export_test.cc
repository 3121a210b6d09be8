#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

#include "engine/audit/audit_entry.h"
#include "tests/catch.h"
#include "tests/engine/audit/sample_log.h"

namespace semak {
namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
}

std::string hex_of(const PublicKey& key) { return hex({reinterpret_cast<const char*>(key.data()), key.size()}); }

// Exit status of the script that auditors get.
int script(const std::filesystem::path& file, const std::string& more = {}) {
  const char* source = std::getenv("SEMAK_SOURCE");
  const std::filesystem::path root = source != nullptr ? source : ".";
  const std::string command = "python3 " + (root / "tools/check/verify_audit_export.py").string() + " " +
                              file.string() + " " + more + " >" + file.string() + ".out 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct Exported : SampleLog {
  Exported(int events, int at_once) {
    open();
    fill(events, at_once);
    REQUIRE(log->export_to(file, keys->public_key()).ok());
  }
  std::filesystem::path file = folder / "audit.jsonl";
};

TEST_CASE("an export verifies by itself, with our reader and with the auditor's script", "[audit]") {
  const Exported exported(1'100, 50);
  const AuditHead head = exported.log->head();
  const auto report = verify_audit_export(exported.file, {}, std::vector{head}, {});
  REQUIRE(report.ok());
  CHECK(report->clean());
  CHECK(report->entries == 1'100);
  CHECK(report->checkpoints == 2);
  CHECK(report->head.hash == head.hash);
  CHECK(script(exported.file,
               "--key " + hex_of(exported.keys->public_key()) + " --witness 1100:" + hex(view(head.hash))) == 0);
  INFO(text_of(exported.file.string() + ".out"));
  CHECK(text_of(exported.file.string() + ".out").find("1100 entries, 2 checkpoints") == 0);
  // a witness of what the log never had, and a key of somebody else
  CHECK(script(exported.file, "--witness 1101:" + hex(view(head.hash))) == 1);
  CHECK(script(exported.file, "--witness 7:" + hex(view(head.hash))) == 1);
  CHECK(script(exported.file, "--key " + std::string(64, '0')) == 1);
  const auto cut = verify_audit_export(exported.file, {}, std::vector{AuditHead{1'101, head.hash}}, {});
  CHECK_FALSE(cut->clean());
  CHECK_FALSE(verify_audit_export(exported.file, PublicKey{}, {}, {})->clean());
}

TEST_CASE("an export of an empty log verifies", "[audit]") {
  const Exported exported(0, 1);
  CHECK(verify_audit_export(exported.file, exported.keys->public_key(), {}, {})->clean());
  CHECK(script(exported.file) == 0);
}

TEST_CASE("what an auditor is handed after somebody worked on it does not verify", "[audit]") {
  const Exported exported(20, 3);
  const std::string text = text_of(exported.file);
  const auto replaced = [&](const std::string& what, const std::string& with) {
    std::string changed = text;
    const auto at = changed.find(what, changed.size() / 2);
    REQUIRE(at != std::string::npos);
    return changed.replace(at, what.size(), with);
  };
  const auto line = text.find("{\"entry\"", text.size() / 3);
  const auto next = text.find('\n', line) + 1;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"an outcome changed", replaced("no_record", "record___")},
      {"another actor", replaced("\"key-1\"", "\"key-2\"")},
      {"a space more", replaced(",\"token\"", ", \"token\"")},
      {"another spelling", replaced("object-", "objec\\u0074-")},
      {"a line removed", text.substr(0, line) + text.substr(next)},
      {"a line doubled", text.substr(0, next) + text.substr(line, next - line) + text.substr(next)},
      {"the end cut off", text.substr(0, text.rfind("{\"checkpoint\""))},
      {"the line's end cut off", text.substr(0, text.size() - 1)},
      {"another key", replaced("\"signature\":\"", "\"signature\":\"0")},
      {"nothing", ""},
  };
  for (const auto& [name, changed] : cases) {
    INFO(name);
    const auto file = exported.folder / "changed.jsonl";
    write_text(file, changed);
    const auto report = verify_audit_export(file, exported.keys->public_key(), {}, {});
    CHECK((!report.ok() || !report->clean()));
    CHECK(script(file) == 1);
  }
}

TEST_CASE("a log rewritten with its hashes does not verify without the key", "[audit]") {
  const Exported exported(10, 3);
  // chained anew by somebody with keys of their own
  SampleLog forged;
  forged.open();
  for (int i = 0; i < 10; ++i) {
    AuditEvent event = sample_event(i, "token-" + std::to_string(i));
    if (i == 4) event.details = R"({"outcome":"record"})";
    REQUIRE(forged.log->append(std::vector{event}).ok());
  }
  const auto file = forged.folder / "forged.jsonl";
  REQUIRE(forged.log->export_to(file, exported.keys->public_key()).ok());
  CHECK_FALSE(verify_audit_export(file, exported.keys->public_key(), {}, {})->clean());
  CHECK(script(file, "--key " + hex_of(exported.keys->public_key())) == 1);
}

TEST_CASE("an export replaces the one before it as a whole and leaves nothing beside it", "[audit]") {
  Exported exported(5, 1);
  exported.fill(0);
  REQUIRE(exported.log->append(std::vector{sample_event(77)}).ok());
  REQUIRE(exported.log->export_to(exported.file, exported.keys->public_key()).ok());
  CHECK(verify_audit_export(exported.file, {}, {}, {})->entries == 6);
  CHECK_FALSE(std::filesystem::exists(exported.file.string() + ".part"));
  const auto refused = exported.log->export_to(exported.folder / "none" / "x.jsonl", exported.keys->public_key());
  CHECK_FALSE(refused.ok());
}

}  // namespace
}  // namespace semak
