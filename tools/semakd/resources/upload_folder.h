// Uploaded files, in a folder of their own that only the service may read and that goes with this object.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace semak {

class UploadFolder {
 public:
  UploadFolder() = default;
  // Makes a new folder below `parent` (made if missing, mode 0700). Errors: io, no_space, permission.
  static Result<UploadFolder> make(const std::filesystem::path& parent);
  ~UploadFolder();
  UploadFolder(UploadFolder&& other) noexcept;
  UploadFolder& operator=(UploadFolder&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }
  // Errors: io, no_space.
  Result<std::filesystem::path> write(const std::string& name, std::string_view bytes) const;
  // `text` without the places of this folder: what people may read.
  std::string without_paths(std::string text) const;

 private:
  std::filesystem::path path_;
};

// What a service that was killed left behind.
void remove_stale_uploads(const std::filesystem::path& parent);

}  // namespace semak
