// A labelled corpus of names: a register, queries, and which record each query means. For fitting and measuring.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/result.h"
#include "normalize/normalizer.h"
#include "normalize/profile.h"

namespace semak {

struct CorpusRecord {
  std::string id;
  std::string name;
  Profile profile;
};

struct CorpusQuery {
  std::string id;
  std::string name;
  std::string community;
  Profile names_only;   // what the name alone says
  Profile with_person;  // and birth year and sex, where the corpus knows them
  int record = -1;      // index of the record meant; -1: not in the register
  // All queries of one person share a fold, so that a fit never sees the people it is judged on.
  int fold = 0;
};

struct NameCorpus {
  std::vector<CorpusRecord> records;
  std::vector<CorpusQuery> queries;
};

inline constexpr int kFolds = 5;

// Reads registry.csv (id,name,dob,sex,...), queries.csv (query_id,name,birth_year,sex) and truth.csv
// (query_id,registry_id,ethnicity) of `folder`.
Result<NameCorpus> read_name_corpus(const std::filesystem::path& folder, const Normalizer& normalizer);

}  // namespace semak
