#include "engine/screen/revision_sink.h"

#include <memory>
#include <new>
#include <utility>

namespace semak {

void RevisionSink::add(const RevisionBytes& revisions) {
  piece_.append(revisions);
  if (piece_.bytes.size() >= kPieceBytes) hand_over();
}

void RevisionSink::hand_over() {
  if (pieces_ >= kPiecesMax) tasks_.wait();
  ++pieces_;
  auto piece = std::make_shared<const RevisionBytes>(std::exchange(piece_, RevisionBytes()));
  tasks_.run([this, piece] {
    try {
      failed_.note(writer_.add_revisions(*piece));
    } catch (const std::bad_alloc&) {
      failed_.set(Error{ErrorCode::unavailable, "there is not enough memory for this load"});
    }
    --pieces_;
  });
}

Status RevisionSink::finish() {
  hand_over();
  tasks_.wait();
  return failed_ ? Status(failed_.take()) : Status();
}

}  // namespace semak
