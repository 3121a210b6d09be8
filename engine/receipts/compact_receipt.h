// A held receipt as the text of a QR code: everything that is signed, in as few bytes as give the same canonical JSON
// again, in base 45 (RFC 9285), which a QR code's alphanumeric mode carries with 3 % loss.
#pragma once

#include <string>
#include <string_view>

#include "engine/receipts/receipt.h"
#include "engine/result.h"

namespace semak {

inline constexpr std::string_view kQrPrefix = "SEMAK1:";

// to_qr_text is receipt.h's. Errors: invalid_input.
Result<HeldReceipt> from_qr_text(std::string_view text);

std::string to_base45(std::string_view bytes);
// Errors: invalid_input (other characters, a length or a value that no bytes have).
Result<std::string> from_base45(std::string_view text);

}  // namespace semak
