// A QR code as inline SVG.
#pragma once

#include <string>
#include <string_view>

namespace semak {

// Error correction M, with its quiet zone; scales to the size that the page gives it. `label`: what a screen reader
// says, HTML-escaped. Empty if `text` does not fit a QR code or is empty.
std::string qr_svg(std::string_view text, std::string_view label);

}  // namespace semak
