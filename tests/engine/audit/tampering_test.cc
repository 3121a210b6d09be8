// Whatever is done to a log by somebody who has its database but not its keys is found, and named.
#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include "engine/audit/audit_entry.h"
#include "engine/audit/audit_families.h"
#include "tests/catch.h"
#include "tests/engine/audit/sample_log.h"

namespace semak {
namespace {

constexpr int kEntries = 60;

using Rows = std::vector<std::pair<std::string, std::string>>;

bool mentions(const AuditReport& report, std::uint64_t sequence) {
  const std::string number = std::to_string(sequence);
  return std::any_of(report.findings.begin(), report.findings.end(), [&](const std::string& finding) {
    for (auto at = finding.find(number); at != std::string::npos; at = finding.find(number, at + 1)) {
      const bool begins = at == 0 || !std::isdigit(static_cast<unsigned char>(finding[at - 1]));
      const auto end = at + number.size();
      const bool ends = end == finding.size() || !std::isdigit(static_cast<unsigned char>(finding[end]));
      if (begins && ends) return true;
    }
    return false;
  });
}

std::string listed(const AuditReport& report) {
  std::string text;
  for (const std::string& finding : report.findings) text += finding + "\n";
  return text;
}

// The database of a finished log, opened behind its back. What is changed is put back by undo().
class RawLog {
 public:
  explicit RawLog(const std::filesystem::path& folder) : folder_(folder) {
    open();
    for (const Family family : {kAuditEntries, kAuditCheckpoints, kAuditTokens}) original_.push_back(rows(family));
  }

  const Rows& original(Family family) const { return original_[family]; }
  void put(Family family, std::string_view key, std::string_view value) {
    touched_.insert({family, std::string(key)});
    changes_.put(family, key, value);
  }
  void remove(Family family, std::string_view key) {
    touched_.insert({family, std::string(key)});
    changes_.remove(family, key);
  }

  AuditReport verified(const std::vector<AuditHead>& witnesses, const PublicKey& key) {
    REQUIRE(database_->write(changes_, Durability::buffered).ok());
    changes_ = {};
    auto log = AuditLog::open_read_only(folder_);
    REQUIRE(log.ok());
    auto report = (*log)->verify(witnesses, key, {});
    if (!report) FAIL(report.error().message);
    return std::move(report).value();
  }

  void undo() {
    for (const auto& [family, key] : touched_) changes_.remove(family, key);
    for (const Family family : {kAuditEntries, kAuditCheckpoints, kAuditTokens}) {
      for (const auto& [key, value] : original_[family]) {
        if (touched_.contains({family, key})) changes_.put(family, key, value);
      }
    }
    touched_.clear();
    REQUIRE(database_->write(changes_, Durability::buffered).ok());
    changes_ = {};
    if (++undone_ % 50 == 0) open();  // empties RocksDB's log, which each reader reads again
  }

 private:
  void open() {
    database_.reset();
    DatabaseOptions options;
    options.mode = DatabaseMode::read_write;
    options.families = audit_families();
    auto opened = Database::open(folder_, options);
    REQUIRE(opened.ok());
    database_ = std::move(opened).value();
  }

  Rows rows(Family family) const {
    Rows found;
    Cursor cursor = database_->cursor(family, Database::Access::point);
    for (cursor.seek({}); cursor.valid(); cursor.next()) found.emplace_back(cursor.key(), cursor.value());
    return found;
  }

  std::filesystem::path folder_;
  std::unique_ptr<Database> database_;
  std::vector<Rows> original_;
  WriteSet changes_;
  std::set<std::pair<Family, std::string>> touched_;
  int undone_ = 0;
};

class Tamperer {
 public:
  Tamperer(RawLog& raw, std::uint32_t seed) : raw_(raw), random_(seed) {}

  int below(std::size_t count) {
    return static_cast<int>(std::uniform_int_distribution<std::size_t>(0, count - 1)(random_));
  }

  // Does one thing; what it did, and the entries of which one must be named (empty: anything may be).
  std::string tamper(std::vector<std::uint64_t>& named) {
    switch (below(12)) {
      case 0: return flip_bit(kAuditEntries, named);
      case 1: return flip_bit(kAuditCheckpoints, named);
      case 2: return flip_bit(kAuditTokens, named);
      case 3: return remove_entry(named);
      case 4: return swap_entries(named);
      case 5: return cut_off();
      case 6: return cut_off_with_checkpoint();
      case 7: return replay(named);
      case 8: return shorten(named);
      case 9: return rewrite(named);
      case 10: return rekey(named);
      default: return disturb_tokens();
    }
  }

 private:
  const std::pair<std::string, std::string>& pick(Family family, std::vector<std::uint64_t>& named) {
    const Rows& rows = raw_.original(family);
    const auto& row = rows[below(rows.size())];
    if (family != kAuditTokens) named = {read_key64(row.first.data())};
    return row;
  }

  std::string flip_bit(Family family, std::vector<std::uint64_t>& named) {
    auto [key, value] = pick(family, named);
    const int at = below(value.size()), bit = below(8);
    value[at] = static_cast<char>(value[at] ^ (1 << bit));
    raw_.put(family, key, value);
    return "bit " + std::to_string(bit) + " of byte " + std::to_string(at) + " flipped in family " +
           std::to_string(family);
  }

  std::string remove_entry(std::vector<std::uint64_t>& named) {
    raw_.remove(kAuditEntries, pick(kAuditEntries, named).first);
    return "removed";
  }

  std::string swap_entries(std::vector<std::uint64_t>& named) {
    std::vector<std::uint64_t> first, second;
    const auto& a = pick(kAuditEntries, first);
    const auto& b = pick(kAuditEntries, second);
    if (a.first == b.first) return remove_entry(named);
    raw_.put(kAuditEntries, a.first, b.second);
    raw_.put(kAuditEntries, b.first, a.second);
    named = {first.front(), second.front()};
    return "swapped";
  }

  std::string cut_off() {
    const Rows& rows = raw_.original(kAuditEntries);
    const std::size_t from = below(rows.size());
    for (std::size_t i = from; i < rows.size(); ++i) raw_.remove(kAuditEntries, rows[i].first);
    return "cut off at " + std::to_string(from + 1);
  }

  std::string cut_off_with_checkpoint() {
    for (const auto& [key, value] : raw_.original(kAuditCheckpoints)) raw_.remove(kAuditCheckpoints, key);
    return "checkpoints removed, " + cut_off();
  }

  std::string replay(std::vector<std::uint64_t>& named) {
    const auto& row = pick(kAuditEntries, named);
    std::uint64_t place = static_cast<std::uint64_t>(1 + below(kEntries + 5));
    if (place == named.front()) place = kEntries + 1;
    raw_.put(kAuditEntries, sequence_key(place), row.second);
    named = {place};
    return "entry copied";
  }

  std::string shorten(std::vector<std::uint64_t>& named) {
    const Family family = below(2) == 0 ? kAuditEntries : kAuditCheckpoints;
    const auto& [key, value] = pick(family, named);
    raw_.put(family, key, value.substr(0, below(value.size())));
    return "value shortened";
  }

  // Changed with a right hash, and everything behind it chained anew.
  std::string rewrite(std::vector<std::uint64_t>& named) {
    const Rows& rows = raw_.original(kAuditEntries);
    const std::size_t from = below(rows.size());
    Hash256 previous{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      AuditEntry entry = decode_entry(rows[i].second).value();
      if (i == from) entry.event.object += "x";
      if (i >= from) {
        entry.previous = previous;
        entry.hash = hash_of(entry);
        raw_.put(kAuditEntries, rows[i].first, encode_entry(entry));
      }
      previous = entry.hash;
    }
    named = {kEntries};  // the signed one
    return "rewritten from " + std::to_string(from + 1);
  }

  std::string rekey(std::vector<std::uint64_t>& named) {
    const Family family = below(2) == 0 ? kAuditEntries : kAuditCheckpoints;
    const auto& [key, value] = pick(family, named);
    std::string moved = key;
    const int at = below(moved.size()), bit = below(8);
    moved[at] = static_cast<char>(moved[at] ^ (1 << bit));
    raw_.remove(family, key);
    raw_.put(family, moved, value);
    return "moved to another key";
  }

  std::string disturb_tokens() {
    if (below(2) == 0) {
      raw_.put(kAuditTokens, "never-logged", sequence_key(1));
      return "a token added";
    }
    std::vector<std::uint64_t> ignored;
    raw_.remove(kAuditTokens, pick(kAuditTokens, ignored).first);
    return "a token removed";
  }

  RawLog& raw_;
  std::mt19937 random_;
};

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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

TEST_CASE("1,000 random tamperings with the database are all found and named", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(kEntries, 7);
  const AuditHead head = sample.log->head();
  sample.log.reset();
  RawLog raw(sample.path());
  REQUIRE(raw.verified({head}, sample.keys->public_key()).clean());
  Tamperer tamperer(raw, 20);
  for (int i = 0; i < 1'000; ++i) {
    std::vector<std::uint64_t> named;
    const std::string what = tamperer.tamper(named);
    const AuditReport report = raw.verified({head}, sample.keys->public_key());
    INFO(i << ": " << what << "\n" << listed(report));
    REQUIRE_FALSE(report.clean());
    for (const std::uint64_t sequence : named) REQUIRE(mentions(report, sequence));
    raw.undo();
  }
  CHECK(raw.verified({head}, sample.keys->public_key()).clean());
}

TEST_CASE("what was done to the newest entries is refused when the log is opened", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(kEntries, 7);
  sample.log.reset();
  const auto opens = [&] { return AuditLog::open(sample.path(), false, *sample.keys).ok(); };
  REQUIRE(opens());
  const std::vector<std::function<void(RawLog&)>> tamperings = {
      [](RawLog& raw) { raw.remove(kAuditEntries, sequence_key(kEntries)); },
      [](RawLog& raw) { raw.remove(kAuditEntries, sequence_key(30)); },
      [](RawLog& raw) { raw.remove(kAuditCheckpoints, sequence_key(kEntries)); },
      [](RawLog& raw) {
        AuditEntry entry = decode_entry(raw.original(kAuditEntries)[40].second).value();
        entry.event.object = "other";
        raw.put(kAuditEntries, sequence_key(41), encode_entry(entry));
      },
      [](RawLog& raw) {
        AuditCheckpoint checkpoint = decode_checkpoint(raw.original(kAuditCheckpoints)[0].second).value();
        checkpoint.signature[0] ^= 1;
        raw.put(kAuditCheckpoints, sequence_key(kEntries), encode_checkpoint(checkpoint));
      },
      [](RawLog& raw) { raw.put(kAuditEntries, sequence_key(61), raw.original(kAuditEntries)[59].second); },
  };
  for (const auto& tampering : tamperings) {
    {
      RawLog raw(sample.path());
      tampering(raw);
      static_cast<void>(raw.verified({}, sample.keys->public_key()));
    }
    CHECK_FALSE(opens());
    // put the original back
    std::filesystem::remove_all(sample.path());
    sample.open();
    sample.fill(kEntries, 7);
    sample.log.reset();
    REQUIRE(opens());
  }
}

TEST_CASE("a log cut back to an old checkpoint is whole by itself: only a witness tells", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(2'100, 100);
  const AuditHead head = sample.log->head();
  sample.log.reset();
  RawLog raw(sample.path());
  REQUIRE(raw.original(kAuditCheckpoints).size() == 3);
  const std::uint64_t old = read_key64(raw.original(kAuditCheckpoints)[1].first.data());
  raw.remove(kAuditCheckpoints, sequence_key(head.sequence));
  for (const auto& [key, value] : raw.original(kAuditEntries)) {
    if (read_key64(key.data()) <= old) continue;
    raw.remove(kAuditEntries, key);
    raw.remove(kAuditTokens, decode_entry(value).value().event.token);
  }
  CHECK(raw.verified({}, sample.keys->public_key()).clean());
  const AuditReport report = raw.verified({head}, sample.keys->public_key());
  CHECK_FALSE(report.clean());
  CHECK(mentions(report, head.sequence));
  raw.undo();
  // a checkpoint taken out of the middle is missed without any witness
  raw.remove(kAuditCheckpoints, sequence_key(old));
  CHECK_FALSE(raw.verified({}, sample.keys->public_key()).clean());
}

TEST_CASE("1,000 random tamperings with an export are all found", "[audit]") {
  SampleLog sample;
  sample.open();
  sample.fill(kEntries, 7);
  const auto file = sample.folder / "audit.jsonl", changed = sample.folder / "changed.jsonl";
  REQUIRE(sample.log->export_to(file, sample.keys->public_key()).ok());
  const auto verified = [&](const std::filesystem::path& which) {
    auto report = verify_audit_export(which, sample.keys->public_key(), {}, {});
    if (!report) FAIL(report.error().message);
    return std::move(report).value();
  };
  REQUIRE(verified(file).clean());
  CHECK(verified(file).entries == kEntries);
  const std::string text = text_of(file);
  const std::vector<std::string> lines = lines_of(text);
  std::mt19937 random(21);
  const auto below = [&](std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
  };
  for (int i = 0; i < 1'000; ++i) {
    std::string now = text;
    std::vector<std::string> parts = lines;
    const std::size_t a = below(parts.size()), b = (a + 1 + below(parts.size() - 1)) % parts.size();
    switch (i % 7) {
      case 0: now[below(now.size())] ^= static_cast<char>(1 << below(8)); break;
      case 1: parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(a)), now = joined(parts); break;
      case 2: std::swap(parts[a], parts[b]), now = joined(parts); break;
      case 3: parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(b), parts[a]), now = joined(parts); break;
      case 4: parts[b] = parts[a], now = joined(parts); break;
      case 5: now.resize(1 + below(now.size() - 1)); break;
      default: parts.resize(1 + below(parts.size() - 1)), now = joined(parts); break;
    }
    if (now == text) continue;
    write_text(changed, now);
    const AuditReport report = verified(changed);
    INFO(i << " of kind " << i % 7);
    REQUIRE_FALSE(report.clean());
  }
}

}  // namespace
}  // namespace semak
