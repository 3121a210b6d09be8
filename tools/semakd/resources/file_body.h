// A finished file as the body of a response, a block at a time.
#pragma once

#include <filesystem>
#include <fstream>

#include "tools/semakd/http/message.h"
#include "tools/semakd/resources/upload_folder.h"

namespace semak {

class FileBody final : public BodyStream {
 public:
  // `folder`: goes with the body.
  FileBody(UploadFolder folder, const std::filesystem::path& path);
  Piece next() override;
  bool aborted() const override { return aborted_; }

 private:
  UploadFolder folder_;
  std::ifstream file_;
  bool aborted_ = false;
};

}  // namespace semak
