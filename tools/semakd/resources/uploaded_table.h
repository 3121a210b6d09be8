// A table of people that came as multipart/form-data: its file on disk, its fields, its mapping as the loaders read it.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "loaders/columns.h"
#include "tools/semakd/problem.h"
#include "tools/semakd/resources/upload_folder.h"

namespace semak {

struct UploadedTable {
  UploadFolder folder;
  std::filesystem::path file;
  std::string file_name;                                   // as sent, without folders
  std::filesystem::path mapping;                           // empty: none
  std::map<std::string, std::string, std::less<>> fields;  // the plain ones
  std::map<std::string, std::string, std::less<>> mapped;  // folded heading -> canonical column, "" for left out
  std::size_t header_row = 1;
  std::string sheet;
  char separator = 0;
  std::string fingerprint;  // of all parts, for idempotency: boundaries do not matter

  const std::string* field(std::string_view name) const;
  // A message of the loaders, with the sender's name of the file in place of ours.
  std::string said(std::string text) const;
};

// `known`: names of the plain fields besides "mapping". `uploads`: parent of the folder. What is wrong goes into
// `refusal`, and nothing is returned.
std::optional<UploadedTable> read_table(const Request& request, const Caller& caller, ColumnUse use,
                                        const std::filesystem::path& uploads,
                                        std::initializer_list<std::string_view> known, Response& refusal);

}  // namespace semak
