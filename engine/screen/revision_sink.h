// Takes encoded revisions in order and hands them to the store in pieces of a size that makes good files, written by
// other threads meanwhile.
#pragma once

#include <atomic>
#include <oneapi/tbb/task_group.h>

#include "engine/result.h"
#include "engine/screen/first_error.h"
#include "engine/store/store_writer.h"

namespace semak {

class RevisionSink {
 public:
  explicit RevisionSink(StoreWriter& writer) : writer_(writer) {}
  ~RevisionSink() { tasks_.wait(); }

  // One thread at a time.
  void add(const RevisionBytes& revisions);
  Status finish();

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{32} << 20;
  static constexpr int kPiecesMax = 3;  // waiting or being written

  void hand_over();

  StoreWriter& writer_;
  RevisionBytes piece_;
  std::atomic<int> pieces_ = 0;
  oneapi::tbb::task_group tasks_;
  FirstError failed_;
};

}  // namespace semak
