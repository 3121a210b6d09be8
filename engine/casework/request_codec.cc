#include "engine/casework/request_codec.h"

#include "engine/desk/subject_codec.h"

namespace semak {

void append_request(std::string& out, const CheckRequest& request) {
  append_subject(out, request.subject);
  append_varint(out, request.child ? 1 : 0);
  if (request.child) {
    append_text(out, request.child->reference);
    append_date(out, request.child->dob);
  }
  append_date(out, request.as_of);
}

CheckRequest read_request(ByteReader& in) {
  CheckRequest request;
  request.subject = read_subject(in);
  if (in.varint_up_to(1) == 1) {
    request.child.emplace();
    request.child->reference = in.text();
    request.child->dob = read_date(in);
  }
  request.as_of = read_date(in);
  return request;
}

}  // namespace semak
