// Hits and standings as bytes; what they say of the subject goes apart, since it is sealed. Readers fail softly
// (ByteReader::ok).
#pragma once

#include <string>

#include "engine/decision.h"
#include "engine/standing.h"
#include "engine/store/bytes.h"

namespace semak {

// All but the evidence and the record's id: registers may use identity numbers as ids, so those are sealed too.
void append_hit(std::string& out, const Hit& hit);
void read_hit(ByteReader& in, Hit& hit);
void append_evidence(std::string& out, const Hit& hit);
void read_evidence(ByteReader& in, Hit& hit);

void append_standing(std::string& out, const Standing& standing);
Standing read_standing(ByteReader& in);

}  // namespace semak
