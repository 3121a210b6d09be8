// A database folder of a test, and files to load into it. All people are invented.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "engine/screen/engine.h"
#include "engine/screen/ingest.h"
#include "engine/screen/screener.h"
#include "tests/catch.h"
#include "tests/engine/store/temporary_folder.h"

namespace semak {

class DatabaseFolder {
 public:
  std::filesystem::path db() const { return folder_ / "db"; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return folder_ / name; }

  std::unique_ptr<Engine> open(OpenMode mode = OpenMode::create) const {
    auto engine = Engine::open(db(), mode, {});
    INFO((engine ? "" : engine.error().message));
    REQUIRE(engine);
    return std::move(engine).value();
  }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  IngestRequest request(std::string_view csv, const std::string& name = "people.csv") const {
    IngestRequest request;
    request.register_name = "offenders";
    request.kind = RegisterKind::offender;
    request.files = {write(name, csv)};
    return request;
  }

  IngestReport load(Engine& engine, const IngestRequest& request) const {
    auto report = ingest(engine, request, {});
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return std::move(report).value();
  }
  IngestReport load(Engine& engine, std::string_view csv) const { return load(engine, request(csv)); }

 private:
  TemporaryFolder folder_;
};

// "id,name" and `people` rows, the same for the same numbers. `from`: of the first id; `year`: makes contents differ.
inline std::string invented_people(int people, int from = 0, int year = 1980) {
  static constexpr const char* kGiven[] = {"Faizal", "Aminah", "Kumar", "Mei Ling",
                                           "Rosli",  "Hafiz",  "Devi",  "Zulkifli"};
  static constexpr const char* kFather[] = {"Abdullah", "Hassan", "Raman", "Osman", "Ismail", "Yusof", "Ganesan"};
  std::string csv = "id,name,dob,sex\n";
  for (int i = from; i < from + people; ++i) {
    const auto n = static_cast<unsigned>(i) * 2654435761u >> 4;
    csv += "P" + std::to_string(i) + "," + kGiven[n % 8] + " " + static_cast<char>('a' + n / 8 % 26) +
           static_cast<char>('a' + n / 208 % 26) + "un bin " + kFather[n / 5408 % 7] + "," +
           std::to_string(year + i % 20) + "-0" + std::to_string(1 + i % 9) + "-11," + (i % 2 != 0 ? "M" : "F") + "\n";
  }
  return csv;
}

inline Subject named(std::string name) {
  Subject subject;
  subject.names = {{NameType::registered, std::move(name)}};
  return subject;
}

// Record id -> score of the hits, each found by its own name.
inline std::map<std::string, double> hits_of(const Engine& engine, const std::string& name, int top = 5) {
  Policy policy;
  policy.top = top;
  policy.score_min = policy.score_min_with_number = Bits::whole(-1000);
  Screener screener(engine);
  const auto answer = screener.screen(*engine.world(), named(name), policy);
  REQUIRE(answer);
  std::map<std::string, double> hits;
  for (const Hit& hit : answer->hits) hits[hit.record_id] = hit.score.value();
  return hits;
}

}  // namespace semak
