#include "engine/store/published_state.h"

#include <limits>
#include <utility>

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::uint64_t kStateSeed = 3;
constexpr std::uint64_t kLoadSeed = 4;

std::string sealed(std::string bytes, std::uint64_t seed) {
  append_fixed64(bytes, hash_bytes(bytes, seed));
  return bytes;
}

// The body of sealed bytes.
Result<std::string_view> unsealed(std::string_view bytes, std::uint64_t seed, const char* what) {
  const Error damaged{ErrorCode::corruption, std::string(what) + " is damaged"};
  if (bytes.size() < 9) return damaged;
  const std::string_view body = bytes.substr(0, bytes.size() - 8);
  if (ByteReader(bytes.substr(body.size())).fixed64() != hash_bytes(body, seed)) return damaged;
  if (static_cast<std::uint8_t>(body.front()) != kFormat) {
    return Error{ErrorCode::version_mismatch, std::string(what) + " was written by another version of Semak"};
  }
  return body.substr(1);
}

PublishedRegister decode_register(ByteReader& in) {
  PublishedRegister entry;
  entry.info.name = in.text();
  entry.info.id.value = static_cast<std::uint32_t>(in.varint_up_to(std::numeric_limits<std::uint32_t>::max()));
  entry.info.kind = static_cast<RegisterKind>(in.byte());
  if (entry.info.kind < RegisterKind::offender || entry.info.kind > RegisterKind::reference) in.fail();
  entry.info.active = in.varint();
  entry.info.withdrawn = in.varint();
  entry.index = in.text();
  return entry;
}

}  // namespace

std::string encode(const PublishedState& state) {
  std::string bytes(1, static_cast<char>(kFormat));
  append_varint(bytes, state.generation.value);
  append_varint(bytes, state.revision.value);
  append_varint(bytes, state.batch);
  append_varint(bytes, state.registers.size());
  for (const auto& [name, entry] : state.registers) {
    append_text(bytes, name);
    append_varint(bytes, entry.info.id.value);
    bytes += static_cast<char>(entry.info.kind);
    append_varint(bytes, entry.info.active);
    append_varint(bytes, entry.info.withdrawn);
    append_text(bytes, entry.index);
  }
  return sealed(std::move(bytes), kStateSeed);
}

Result<PublishedState> decode_published_state(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, unsealed(bytes, kStateSeed, "the published state"));
  ByteReader in(body);
  PublishedState state;
  state.generation.value = in.varint();
  state.revision.value = in.varint();
  state.batch = in.varint();
  const std::uint64_t registers = in.varint();
  for (std::uint64_t i = 0; i < registers && in.ok(); ++i) {
    PublishedRegister entry = decode_register(in);
    std::string name = entry.info.name;
    if (!state.registers.emplace(std::move(name), std::move(entry)).second) in.fail();
  }
  if (!in.at_end()) return Error{ErrorCode::corruption, "the published state is damaged"};
  return state;
}

std::string encode(const LoadInfo& load) {
  std::string bytes(1, static_cast<char>(kFormat));
  append_varint(bytes, load.batch);
  append_varint(bytes, load.generation.value);
  append_text(bytes, load.register_name);
  append_varint(bytes, load.files.size());
  for (const LoadInfo::File& file : load.files) {
    append_text(bytes, file.name);
    append_text(bytes, file.hash);
    append_varint(bytes, file.bytes);
    append_varint(bytes, file.rows);
  }
  for (const std::uint64_t count :
       {load.rows, load.added, load.changed, load.unchanged, load.withdrawn, load.restored, load.rejected}) {
    append_varint(bytes, count);
  }
  append_fixed64(bytes, static_cast<std::uint64_t>(load.time));
  return sealed(std::move(bytes), kLoadSeed);
}

Result<LoadInfo> decode_load_info(std::string_view bytes) {
  SEMAK_TRY(const std::string_view body, unsealed(bytes, kLoadSeed, "the entry of a load"));
  ByteReader in(body);
  LoadInfo load;
  load.batch = in.varint();
  load.generation.value = in.varint();
  load.register_name = in.text();
  load.files.resize(in.varint_up_to(in.rest().size()));
  for (LoadInfo::File& file : load.files) {
    file.name = in.text();
    file.hash = in.text();
    file.bytes = in.varint();
    file.rows = in.varint();
  }
  for (std::uint64_t* count :
       {&load.rows, &load.added, &load.changed, &load.unchanged, &load.withdrawn, &load.restored, &load.rejected}) {
    *count = in.varint();
  }
  load.time = static_cast<std::int64_t>(in.fixed64());
  if (!in.at_end()) return Error{ErrorCode::corruption, "the entry of a load is damaged"};
  return load;
}

}  // namespace semak
