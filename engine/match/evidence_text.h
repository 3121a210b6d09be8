// Evidence as sentences for people, in Malay and English. The sentences are in evidence_messages.csv.
#pragma once

#include <string>

#include "engine/bits.h"
#include "engine/decision.h"

namespace semak {

enum class Language { ms, en };

// One sentence and its weight: "Nama bapa bercanggah: hassan / hussin (-1.9 bit)". A combination that has no
// sentence of its own names its aspect and agreement instead; it is never empty.
std::string evidence_text(const Evidence& evidence, Language language);

// "+4.2 bit", "-1.9 bits": signed, one decimal, with the language's word.
std::string weight_text(Bits weight, Language language);

}  // namespace semak
