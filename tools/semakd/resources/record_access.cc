#include "tools/semakd/resources/record_access.h"

#include "tools/semakd/resources/answer_json.h"
#include "tools/semakd/resources/person_json.h"
#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

const char* state_name(RecordState state) { return state == RecordState::active ? "active" : "withdrawn"; }

}  // namespace

std::string path_segment(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      out += c;
    else
      out.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return out;
}

std::optional<RegisterInfo> find_register(Room& room, std::string_view name) {
  const auto world = room.office.engine().world();
  const auto at = world->registers.find(name);
  if (at == world->registers.end()) return std::nullopt;
  return at->second.info;
}

Result<std::optional<RecordRevision>> newest_revision(Room& room, const RegisterInfo& in, std::string_view id) {
  const RecordStore& store = room.office.engine().store();
  SEMAK_TRY(const auto heads, store.heads(in.id, std::span(&id, 1), store.published()->revision));
  if (!heads.front()) return std::optional<RecordRevision>();
  SEMAK_TRY(auto revision, store.revision(heads.front()->revision));
  return std::optional(std::move(revision));
}

const LoadInfo* RecordWriter::load(std::uint64_t batch) {
  auto at = loads_.find(batch);
  if (at == loads_.end()) {
    auto found = room_.office.engine().store().load(batch);
    at = loads_.emplace(batch, found ? std::optional(std::move(*found)) : std::nullopt).first;
  }
  return at->second ? &*at->second : nullptr;
}

json::object RecordWriter::record(const RecordRevision& revision) {
  json::object provenance{{"file", revision.provenance.file},
                          {"file_hash", revision.provenance.file_hash},
                          {"line", revision.provenance.line},
                          {"load", revision.provenance.batch}};
  if (const LoadInfo* found = load(revision.provenance.batch)) provenance["time"] = rfc3339(found->time * kSecondMs);
  return {{"register", register_.name},
          {"register_kind", to_string(register_.kind)},
          {"id", revision.record.id},
          {"state", state_name(revision.state)},
          {"revision", revision.revision.value},
          {"previous", revision.previous.value},
          {"record", record_json(revision.record)},
          {"provenance", std::move(provenance)}};
}

json::object RecordWriter::change(const Change& change) {
  const RevisionHeader& header = change.header;
  json::object object{{"revision", header.revision.value},
                      {"register", register_.name},
                      {"record_id", change.record_id},
                      {"state", state_name(header.state())},
                      {"kind", to_string(header.kind)},
                      {"previous", header.previous.value},
                      {"load", header.batch},
                      {"generation", header.generation.value}};
  if (const LoadInfo* found = load(header.batch)) object["time"] = rfc3339(found->time * kSecondMs);
  return object;
}

}  // namespace semak
