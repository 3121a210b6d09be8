#include "index/snapshot.h"

#include <string>

#include "index/snapshot_impl.h"

namespace semak {
namespace {

Error other_version(const char* what) {
  return Error{ErrorCode::version_mismatch, std::string("the index was built with another version of the ") + what};
}

Status check_versions(const Manifest& manifest, const Segment& segment, const Segment& base) {
  if (manifest.model_version != default_model().version) return other_version("evidence model");
  if (segment.header().model_version != manifest.model_version) return other_version("evidence model");
  if (segment.header().normalizer_version != manifest.normalizer_version) return other_version("normaliser");
  const std::uint64_t epoch = &segment == &base ? 0 : base.header().checksum;
  if (segment.header().epoch != epoch) return Error{ErrorCode::corruption, "index segments do not belong together"};
  return {};
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::open(const std::filesystem::path& folder, const Manifest& manifest,
                                                       bool verify_payload) {
  auto impl = std::make_unique<Impl>();
  impl->manifest = manifest;
  impl->model = &default_model();
  if (manifest.segments.empty()) return Error{ErrorCode::corruption, "index manifest names no segment"};
  impl->parts.reserve(manifest.segments.size());
  for (const SegmentRef& ref : manifest.segments) {
    SEMAK_TRY(Segment segment, Segment::open(folder, ref, verify_payload));
    impl->parts.push_back({std::move(segment), {}});
    SEMAK_TRY_STATUS(check_versions(manifest, impl->parts.back().segment, impl->parts.front().segment));
  }
  std::uint64_t live = 0;
  for (Impl::Part& part : impl->parts) {
    for (const RevisionId revision : manifest.tombstones) {
      if (const auto person = part.segment.person(revision)) part.dead.push_back(*person);
    }
    live += part.segment.people() - part.dead.size();
  }
  if (live != manifest.people) return Error{ErrorCode::corruption, "index manifest and segments disagree"};
  return std::shared_ptr<const Snapshot>(new Snapshot(std::move(impl)));
}

Snapshot::Snapshot(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Snapshot::~Snapshot() = default;

const Manifest& Snapshot::manifest() const { return impl_->manifest; }
std::uint64_t Snapshot::people() const { return impl_->manifest.people; }

std::uint64_t Snapshot::bytes_in_memory() const {
  std::uint64_t bytes = sizeof(Impl);
  for (const Impl::Part& part : impl_->parts) {
    bytes += part.segment.bytes() + sizeof(Impl::Part) + part.dead.size() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace semak
