// Batches as bytes: versioned, before they are sealed.
#pragma once

#include <string>
#include <string_view>

#include "engine/office/batches.h"
#include "engine/result.h"

namespace semak {

struct StoredBatch {
  BatchInfo info;
  std::uint64_t next_row = 0;  // all before it are done or rejected
};

std::string encode_batch(const StoredBatch& batch);
std::string encode_request(const CheckRequest& request);
std::string encode_row_meta(const BatchRow& row);  // query id and reject reason

// Errors: corruption, version_mismatch.
Result<StoredBatch> decode_batch(std::string_view bytes);
Result<CheckRequest> decode_request(std::string_view bytes);
Status decode_row_meta(std::string_view bytes, BatchRow& row);

}  // namespace semak
