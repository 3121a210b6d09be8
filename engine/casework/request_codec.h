// What was asked, as bytes: for checks and for rows of batches that are still to become some. Always sealed.
#pragma once

#include <string>

#include "engine/casework/check.h"
#include "engine/store/bytes.h"

namespace semak {

void append_request(std::string& out, const CheckRequest& request);
CheckRequest read_request(ByteReader& in);  // in.ok() is false if it is damaged or of another version

}  // namespace semak
