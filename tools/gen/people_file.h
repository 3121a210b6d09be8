// Registers and queries made of a Population.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/progress.h"
#include "engine/record.h"
#include "engine/result.h"
#include "tools/gen/population.h"

namespace semak {

struct PeopleOptions {
  std::uint64_t people = 0;
  RegisterKind kind = RegisterKind::reference;  // offender and oyls add columns of their own
  double mistypes = 0;                          // share of names with a slip in the register itself
  int threads = 0;                              // 0: all cores; the bytes do not depend on it
};

// The register as CSV, handed to `sink` in order. An error of the sink ends it.
using TextSink = std::function<Status(std::string_view)>;
Status write_people(const Population& population, const PeopleOptions& options, const TextSink& sink,
                    const Progress& progress);

std::string record_id(std::uint64_t index);  // "P00000001" for index 0

struct QueryOptions {
  std::uint64_t queries = 0;
  std::uint64_t people = 0;  // of the register; > 0 unless members is 0
  double members = 0.5;      // share of queries that ask for somebody in the register
  bool numbers = true;
};

struct GeneratedQuery {
  std::string query_id;
  std::string name;
  std::string id_number;
  std::string dob;
  std::string sex;
  std::string registry_id;  // empty: in no register
  std::string corruption;   // kinds joined by '+'; "exact" if none
};

// Query `index` of a run; a function of population, options and index. `scratch` saves memory only.
GeneratedQuery make_query(const Population& population, const QueryOptions& options, std::uint64_t index,
                          GeneratedPerson& scratch);

}  // namespace semak
