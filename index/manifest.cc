#include "index/manifest.h"

#include <algorithm>
#include <cstring>

#include "index/checksum.h"

namespace semak {
namespace {

constexpr std::uint32_t kMagic = 0x494d4553;  // "SEMI"
constexpr std::uint32_t kFormat = 1;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number(int bytes) {
    if (rest_.size() < static_cast<std::size_t>(bytes)) {
      ok_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
    rest_.remove_prefix(static_cast<std::size_t>(bytes));
    return value;
  }
  std::string text(std::uint64_t size) {
    if (rest_.size() < size) {
      ok_ = false;
      return {};
    }
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  bool ok() const { return ok_; }
  std::size_t left() const { return rest_.size(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::uint64_t checksum_of(std::string_view bytes) { return checksum(std::as_bytes(std::span(bytes))); }

// A file of the index folder itself: no path, nothing hidden.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

}  // namespace

std::string encode(const Manifest& manifest) {
  std::string out;
  put(out, kMagic, 4);
  put(out, kFormat, 4);
  put(out, manifest.generation.value, 8);
  put(out, manifest.normalizer_version, 8);
  put(out, manifest.model_version, 8);
  put(out, manifest.people, 8);
  put(out, manifest.segments.size(), 4);
  put(out, manifest.tombstones.size(), 8);
  for (const SegmentRef& segment : manifest.segments) {
    put(out, segment.file.size(), 4);
    out += segment.file;
    put(out, segment.bytes, 8);
    put(out, segment.checksum, 8);
    put(out, segment.people, 8);
  }
  for (const RevisionId revision : manifest.tombstones) put(out, revision.value, 8);
  put(out, checksum_of(out), 8);
  return out;
}

Result<Manifest> decode_manifest(std::string_view bytes) {
  const Error damaged{ErrorCode::corruption, "index manifest is damaged"};
  if (bytes.size() < 16) return damaged;
  Reader reader(bytes.substr(0, bytes.size() - 8));
  if (reader.number(4) != kMagic) return damaged;
  if (reader.number(4) != kFormat) return Error{ErrorCode::version_mismatch, "index manifest is of another format"};
  if (Reader(bytes.substr(bytes.size() - 8)).number(8) != checksum_of(bytes.substr(0, bytes.size() - 8))) {
    return damaged;
  }
  Manifest manifest;
  manifest.generation.value = reader.number(8);
  manifest.normalizer_version = reader.number(8);
  manifest.model_version = reader.number(8);
  manifest.people = reader.number(8);
  const std::uint64_t segments = reader.number(4);
  const std::uint64_t tombstones = reader.number(8);
  for (std::uint64_t i = 0; i < segments && reader.ok(); ++i) {
    SegmentRef segment;
    segment.file = reader.text(reader.number(4));
    segment.bytes = reader.number(8);
    segment.checksum = reader.number(8);
    segment.people = reader.number(8);
    if (!is_plain_name(segment.file)) return damaged;
    manifest.segments.push_back(std::move(segment));
  }
  if (!reader.ok() || reader.left() / 8 != tombstones || reader.left() % 8 != 0) return damaged;
  manifest.tombstones.resize(tombstones);
  for (RevisionId& revision : manifest.tombstones) revision.value = reader.number(8);
  if (!reader.ok() || !std::is_sorted(manifest.tombstones.begin(), manifest.tombstones.end())) return damaged;
  return manifest;
}

}  // namespace semak
