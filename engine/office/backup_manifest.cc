// backup.json: canonical, so that the same backup has the same bytes.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

#include "engine/office/backup.h"

namespace semak {
namespace {

constexpr std::int64_t kVersion = 1;

template <std::size_t N>
std::string hex_of(const std::array<std::uint8_t, N>& bytes) {
  return hex({reinterpret_cast<const char*>(bytes.data()), N});
}

template <std::size_t N>
bool read_hex(const boost::json::value& value, std::array<std::uint8_t, N>& out) {
  const auto* text = value.if_string();
  const auto bytes = text == nullptr ? std::nullopt : from_hex(std::string_view(*text));
  if (!bytes || bytes->size() != N) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

// A path that stays inside the folder.
bool is_safe(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  const std::filesystem::path parts(path);
  return std::none_of(parts.begin(), parts.end(), [](const auto& part) { return part == ".." || part == "."; }) &&
         path.find('\0') == std::string::npos;
}

Error damaged(const std::filesystem::path& file, std::string_view why) {
  return {ErrorCode::corruption, fmt::format("{}: {}", file.string(), why)};
}

Result<BackupManifest> parse(const std::filesystem::path& file, const std::string& text) {
  boost::system::error_code failed;
  const boost::json::value value = boost::json::parse(text, failed);
  const auto* object = value.if_object();
  if (failed || object == nullptr) return damaged(file, "not the manifest of a backup");
  BackupManifest manifest;
  try {
    if (object->at("version").as_int64() != kVersion)
      return Error{ErrorCode::version_mismatch, file.string() + ": made by another version of Semak"};
    manifest.time_ms = object->at("time_ms").to_number<std::int64_t>();
    manifest.generation.value = object->at("generation").to_number<std::uint64_t>();
    manifest.head.sequence = object->at("audit_sequence").to_number<std::uint64_t>();
    manifest.key_id = object->at("key_id").as_string();
    bool good = read_hex(object->at("audit_hash"), manifest.head.hash) &&
                read_hex(object->at("public_key"), manifest.public_key);
    for (const boost::json::value& one : object->at("files").as_array()) {
      BackupManifest::File& entry = manifest.files.emplace_back();
      entry.path = one.at("path").as_string();
      entry.bytes = one.at("bytes").to_number<std::uint64_t>();
      entry.hash = one.at("hash").as_string();
      good = good && is_safe(entry.path);
    }
    if (!good) return damaged(file, "not the manifest of a backup");
  } catch (const std::exception&) {  // Boost.JSON: a member is missing or of another kind
    return damaged(file, "not the manifest of a backup");
  }
  return manifest;
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return Error{ErrorCode::not_found, file.string() + " is missing: this is no backup of Semak, or not a whole one"};
  return text.str();
}

}  // namespace

std::string to_json(const BackupManifest& manifest) {
  std::string out = fmt::format(R"({{"audit_hash":"{}","audit_sequence":{},"files":[)", hex_of(manifest.head.hash),
                                manifest.head.sequence);
  for (std::size_t i = 0; i < manifest.files.size(); ++i) {
    const BackupManifest::File& file = manifest.files[i];
    out += fmt::format("{}\n{{\"bytes\":{},\"hash\":\"{}\",\"path\":{}}}", i == 0 ? "" : ",", file.bytes, file.hash,
                       boost::json::serialize(boost::json::string(file.path)));
  }
  out +=
      fmt::format("\n],\"generation\":{},\"key_id\":\"{}\",\"public_key\":\"{}\",\"time_ms\":{},\"version\":{}}}\n",
                  manifest.generation.value, manifest.key_id, hex_of(manifest.public_key), manifest.time_ms, kVersion);
  return out;
}

Result<BackupManifest> read_backup_manifest(const std::filesystem::path& backup) {
  const std::filesystem::path file = backup / "backup.json", signature_file = backup / "backup.sig";
  SEMAK_TRY(const std::string text, read_whole(file));
  SEMAK_TRY(std::string written, read_whole(signature_file));
  while (!written.empty() && written.back() == '\n') written.pop_back();
  SEMAK_TRY(const BackupManifest manifest, parse(file, text));
  Signature signature;
  if (!read_hex(boost::json::string(written), signature)) return damaged(signature_file, "not a signature");
  if (!signature_is_good(text, signature, manifest.public_key))
    return damaged(file, "not what was signed when the backup was made");
  return manifest;
}

}  // namespace semak
