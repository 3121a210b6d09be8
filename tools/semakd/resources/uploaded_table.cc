#include "tools/semakd/resources/uploaded_table.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <vector>

#include "engine/keys/key_ring.h"
#include "tools/semakd/json.h"
#include "tools/semakd/resources/errors.h"
#include "tools/semakd/resources/multipart.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kFieldBytes = 1024, kReferenceBytes = 480, kMappingBytes = 65536, kHeadingBytes = 1024;
constexpr std::size_t kMappedMax = 200, kConstantsMax = 20;

Response malformed(const Caller& caller, std::string pointer, std::string code, std::string detail) {
  Problem problem{ProblemKind::malformed_request, {}, {}, {}};
  problem.faults.push_back({std::move(pointer), std::move(code), std::move(detail)});
  return problem_response(problem, caller);
}

// A TOML basic string. JSON's escapes are TOML's; only DEL is written differently.
std::string toml_string(std::string_view text) {
  std::string out = json::serialize(json::string_view(text.data(), text.size()));
  for (std::size_t at = 0; (at = out.find('\x7f', at)) != std::string::npos;) out.replace(at, 1, "\\u007f");
  return out;
}

// The mapping of the wire as the loaders' TOML.
class MappingWriter {
 public:
  MappingWriter(UploadedTable& table, ColumnUse use, Faults& faults) : table_(table), use_(use), faults_(faults) {}

  std::string write(JsonObject& top) {
    std::string toml;
    if (const auto sheet = top.text("sheet", kFieldBytes)) {
      table_.sheet = *sheet;
      toml += fmt::format("sheet = {}\n", toml_string(*sheet));
    }
    if (const auto row = top.integer("header_row", 1, 1000)) {
      table_.header_row = static_cast<std::size_t>(*row);
      toml += fmt::format("header_row = {}\n", *row);
    }
    constexpr std::array<std::string_view, 4> kSeparators = {",", ";", "\t", "|"};
    // A tab is a control character, so it is no text for JsonObject.
    if (const json::value* given = top.any("separator"); given != nullptr && !given->is_null()) {
      const auto at = given->is_string()
                          ? std::find(kSeparators.begin(), kSeparators.end(), std::string_view(given->get_string()))
                          : kSeparators.end();
      if (at == kSeparators.end())
        top.fault("separator", "not_a_choice", phrase(Phrase::json_not_choice, faults_.language(), ", ; \\t |"));
      else
        table_.separator = at->front();
      toml += fmt::format("separator = {}\n", toml_string(std::string_view(&table_.separator, 1)));
    }
    read_columns(top);
    read_constants(top);
    if (!ignored_.empty()) toml += fmt::format("ignore = [{}]\n", fmt::join(ignored_, ", "));
    toml += "[columns]\n";
    for (const auto& [column, headings] : columns_)
      toml += fmt::format("{} = [{}]\n", column, fmt::join(headings, ", "));
    return toml + constants_;
  }

 private:
  void read_columns(JsonObject& top) {
    const json::value* all = top.any("columns");
    auto columns = top.object("columns");
    if (!columns || !columns->present()) return;
    if (all->get_object().size() > kMappedMax)
      return top.fault("columns", "too_many", phrase(Phrase::too_many_members, faults_.language(), kMappedMax));
    for (const auto& member : all->get_object()) {
      const std::string heading(member.key());
      if (heading.empty() || heading.size() > kHeadingBytes) {
        columns->fault(heading.substr(0, kFieldBytes), "not_a_heading",
                       phrase(Phrase::json_too_long, faults_.language(), kHeadingBytes));
        continue;
      }
      if (member.value().is_null()) {
        ignored_.push_back(toml_string(heading));
        table_.mapped[fold_key(heading)] = "";
        continue;
      }
      const auto column = columns->text(heading, kFieldBytes);
      if (!column || !known(*columns, heading, *column)) continue;
      columns_[*column].push_back(toml_string(heading));
      table_.mapped[fold_key(heading)] = *column;
    }
  }

  void read_constants(JsonObject& top) {
    const json::value* all = top.any("constants");
    auto constants = top.object("constants");
    if (!constants || !constants->present()) return;
    if (all->get_object().size() > kConstantsMax)
      return top.fault("constants", "too_many", phrase(Phrase::too_many_members, faults_.language(), kConstantsMax));
    for (const auto& member : all->get_object()) {
      const std::string column(member.key());
      const auto value = constants->text(column, kFieldBytes);
      if (!value || !known(*constants, column, column)) continue;
      constants_ += fmt::format("{} = {{ constant = {} }}\n", column, toml_string(*value));
    }
  }

  bool known(JsonObject& object, const std::string& member, const std::string& column) {
    const CanonicalColumn* found = find_column(column, use_);
    if (found != nullptr && found->role != ColumnRole::ignored && found->role != ColumnRole::row_as_json) return true;
    std::vector<std::string_view> names;
    for (const CanonicalColumn& each : canonical_columns())
      if ((each.uses & use_) != 0 && !each.name.starts_with("semak_")) names.push_back(each.name);
    object.fault(member, "not_a_column", phrase(Phrase::json_not_choice, faults_.language(), fmt::join(names, ", ")));
    return false;
  }

  UploadedTable& table_;
  ColumnUse use_;
  Faults& faults_;
  std::map<std::string, std::vector<std::string>> columns_;  // column -> quoted headings
  std::vector<std::string> ignored_;
  std::string constants_;
};

// The ending decides the format and the name stands in the records' provenance; of the sender's name only harmless
// characters are kept.
std::string stored_name(const std::string& file_name) {
  constexpr std::size_t kStemMax = 100;
  const std::filesystem::path given(file_name);
  std::string ending = given.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool known = ending == ".csv" || ending == ".tsv" || ending == ".jsonl" || ending == ".xlsx";
  std::string stem = given.stem().string().substr(0, kStemMax);
  for (char& c : stem) {
    const bool harmless = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          std::string_view("_- ").find(c) != std::string_view::npos;
    if (!harmless) c = '_';
  }
  return stem + (known ? ending : std::string(".unknown"));
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  if (from.empty()) return;
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

bool take_fields(const std::vector<FormPart>& parts, const Caller& caller,
                 std::initializer_list<std::string_view> known, UploadedTable& table, std::string& mapping,
                 Response& refusal) {
  for (const FormPart& part : parts) {
    if (part.name == "file") continue;
    if (part.name == "mapping") {
      if (part.contents.size() > kMappingBytes) {
        refusal =
            malformed(caller, "mapping", "too_long", phrase(Phrase::json_too_long, caller.language, kMappingBytes));
        return false;
      }
      mapping = part.contents;
      continue;
    }
    if (std::find(known.begin(), known.end(), part.name) == known.end()) {
      refusal =
          malformed(caller, "/" + part.name, "unknown_member", phrase(Phrase::upload_field_unknown, caller.language));
      return false;
    }
    const std::size_t most = part.name == "reference" ? kReferenceBytes : kFieldBytes;
    if (part.contents.size() > most) {
      refusal = malformed(caller, "/" + part.name, "too_long", phrase(Phrase::json_too_long, caller.language, most));
      return false;
    }
    // Read as a member of a JSON body would be: valid UTF-8 without control characters.
    const std::string as_json =
        json::serialize(json::object{{"text", json::string_view(part.contents.data(), part.contents.size())}});
    JsonBody checked(as_json, caller.language);
    JsonObject object = checked.object();
    if (!part.contents.empty()) static_cast<void>(object.need_text("text", kFieldBytes));
    if (!checked.ok()) {
      refusal = malformed(caller, "/" + part.name, "not_text", phrase(Phrase::json_control, caller.language));
      return false;
    }
    table.fields.emplace(part.name, part.contents);
  }
  return true;
}

}  // namespace

const std::string* UploadedTable::field(std::string_view name) const {
  const auto at = fields.find(name);
  return at == fields.end() ? nullptr : &at->second;
}

std::string UploadedTable::said(std::string text) const {
  replace_all(text, file.string(), file_name);
  replace_all(text, mapping.string(), "mapping");
  return folder.without_paths(std::move(text));
}

std::optional<UploadedTable> read_table(const Request& request, const Caller& caller, ColumnUse use,
                                        const std::filesystem::path& uploads,
                                        std::initializer_list<std::string_view> known, Response& refusal) {
  const std::string* type = request.header("Content-Type");
  auto parts = parse_multipart(type == nullptr ? std::string_view() : *type, request.body);
  if (!parts) {
    refusal = problem_response(Problem{ProblemKind::malformed_request, parts.error().message, {}, {}}, caller);
    return std::nullopt;
  }
  UploadedTable table;
  std::string mapping;
  if (!take_fields(*parts, caller, known, table, mapping, refusal)) return std::nullopt;
  const auto file =
      std::find_if(parts->begin(), parts->end(), [](const FormPart& part) { return part.name == "file"; });
  if (file == parts->end() || file->file_name.empty()) {
    refusal = invalid(caller, "/file", "required", phrase(Phrase::upload_file_missing, caller.language));
    return std::nullopt;
  }
  table.file_name = file->file_name;
  std::string toml;
  if (!mapping.empty()) {
    JsonBody body(mapping, caller.language);
    JsonObject top = body.object();
    toml = MappingWriter(table, use, body.faults()).write(top);
    top.finish();
    if (!body.ok()) {
      refusal = problem_response(body.problem(), caller);
      return std::nullopt;
    }
  }
  auto folder = UploadFolder::make(uploads);
  if (!folder) {
    refusal = problem_response(folder.error(), caller);
    return std::nullopt;
  }
  table.folder = std::move(*folder);
  for (const auto& [name, bytes, to] :
       {std::tuple(stored_name(table.file_name), file->contents, &table.file),
        std::tuple(std::string("mapping.toml"), std::string_view(toml), &table.mapping)}) {
    if (to == &table.mapping && toml.empty()) continue;
    auto path = table.folder.write(name, bytes);
    if (!path) {
      refusal = problem_response(path.error(), caller);
      return std::nullopt;
    }
    *to = std::move(*path);
  }
  std::string all;
  for (const FormPart& part : *parts) {
    const Hash256 hash = hash256(part.contents);
    all += fmt::format("{}\n{}\n{}\n", part.name, part.file_name,
                       hex({reinterpret_cast<const char*>(hash.data()), hash.size()}));
  }
  table.fingerprint = std::move(all);
  return table;
}

}  // namespace semak
