#include "tools/semakd/resources/file_body.h"

#include <string>
#include <utility>

namespace semak {

FileBody::FileBody(UploadFolder folder, const std::filesystem::path& path)
    : folder_(std::move(folder)), file_(path, std::ios::binary) {
  aborted_ = !file_;
}

BodyStream::Piece FileBody::next() {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  if (aborted_) return {{}, true, {}};
  std::string block(kBlock, '\0');
  file_.read(block.data(), static_cast<std::streamsize>(block.size()));
  block.resize(static_cast<std::size_t>(file_.gcount()));
  aborted_ = file_.bad();
  return {std::move(block), !file_.good(), {}};
}

}  // namespace semak
