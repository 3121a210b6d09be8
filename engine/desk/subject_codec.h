// A subject as bytes of the desk: the one way in which checks, enrolments and rows of batches keep whom they are about.
// The bytes are always part of something sealed. Versioned by itself, so that those who keep them need not know when
// what is known of a person grows.
#pragma once

#include <string>

#include "engine/partial_date.h"
#include "engine/store/bytes.h"
#include "engine/subject.h"

namespace semak {

// Whole: purpose, reference and consent included.
void append_subject(std::string& out, const Subject& subject);
// Of another version, or damaged: in.ok() is false afterwards. Dates need not exist: they are kept as they were sent.
Subject read_subject(ByteReader& in);

void append_date(std::string& out, PartialDate date);
PartialDate read_date(ByteReader& in);

}  // namespace semak
