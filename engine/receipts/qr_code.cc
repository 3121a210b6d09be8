#include "engine/receipts/qr_code.h"

#include <fmt/format.h>
#include <memory>
#include <qrencode.h>

namespace semak {
namespace {

constexpr int kQuiet = 4;  // modules around the code, as the standard asks

// One subpath for each run of dark modules in a row.
std::string path_of(const QRcode& code) {
  std::string path;
  for (int y = 0; y < code.width; ++y) {
    const unsigned char* row = code.data + y * code.width;
    for (int x = 0; x < code.width;) {
      int end = x;
      while (end < code.width && (row[end] & 1) != 0) ++end;
      if (end > x) path += fmt::format("M{} {}h{}v1h-{}z", x + kQuiet, y + kQuiet, end - x, end - x);
      x = end + 1;
    }
  }
  return path;
}

}  // namespace

std::string qr_svg(std::string_view text, std::string_view label) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (code == nullptr) return {};
  const int side = code->width + 2 * kQuiet;
  return fmt::format(
      R"(<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" )"
      R"(shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/><path fill="#000" d="{2}"/></svg>)",
      side, label, path_of(*code));
}

}  // namespace semak
