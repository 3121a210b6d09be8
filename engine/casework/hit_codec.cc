#include "engine/casework/hit_codec.h"

#include <bit>
#include <limits>

#include "engine/desk/subject_codec.h"

namespace semak {
namespace {

void append_bits(std::string& out, Bits bits) { append_fixed32(out, static_cast<std::uint32_t>(bits.raw)); }
Bits read_bits(ByteReader& in) { return Bits{static_cast<std::int32_t>(in.fixed32())}; }

}  // namespace

void append_hit(std::string& out, const Hit& hit) {
  append_varint(out, hit.register_id.value);
  append_text(out, hit.register_name);
  append_varint(out, hit.revision.value);
  append_bits(out, hit.score);
  append_fixed64(out, std::bit_cast<std::uint64_t>(hit.probability));
  append_text(out, hit.content);
  append_varint(out, (hit.under_appeal ? 1u : 0u) | (hit.refers ? 2u : 0u));
}

void read_hit(ByteReader& in, Hit& hit) {
  hit.register_id.value = static_cast<std::uint32_t>(in.varint_up_to(std::numeric_limits<std::uint32_t>::max()));
  hit.register_name = in.text();
  hit.revision.value = in.varint();
  hit.score = read_bits(in);
  hit.probability = std::bit_cast<double>(in.fixed64());
  hit.content = in.text();
  const std::uint64_t flags = in.varint_up_to(3);
  hit.under_appeal = (flags & 1) != 0;
  hit.refers = (flags & 2) != 0;
}

void append_evidence(std::string& out, const Hit& hit) {
  append_varint(out, hit.evidence.size());
  for (const Evidence& line : hit.evidence) {
    append_varint(out, static_cast<std::uint64_t>(line.aspect));
    append_varint(out, static_cast<std::uint64_t>(line.agreement));
    append_text(out, line.subject_value);
    append_text(out, line.record_value);
    append_bits(out, line.weight);
  }
}

void read_evidence(ByteReader& in, Hit& hit) {
  hit.evidence.clear();
  for (std::uint64_t left = in.varint_up_to(in.rest().size()); left > 0; --left) {
    const auto aspect = read_enum(in, Aspect::place);
    const auto agreement = read_enum(in, Agreement::different);
    Evidence line{aspect, agreement, std::string(in.text()), std::string(in.text()), {}};
    line.weight = read_bits(in);
    hit.evidence.push_back(std::move(line));
  }
}

void append_standing(std::string& out, const Standing& standing) {
  append_varint(out, static_cast<std::uint64_t>(standing.state));
  append_date(out, standing.as_of);
  append_text(out, standing.register_name);
  append_text(out, standing.record_id);
  append_varint(out, standing.revision.value);
  append_text(out, standing.order);
  append_text(out, standing.section);
  append_text(out, standing.child_reference);
  append_date(out, standing.valid_from);
  append_date(out, standing.valid_to);
}

Standing read_standing(ByteReader& in) {
  Standing standing;
  standing.state = read_enum(in, StandingState::pending);
  standing.as_of = read_date(in);
  standing.register_name = in.text();
  standing.record_id = in.text();
  standing.revision.value = in.varint();
  standing.order = in.text();
  standing.section = in.text();
  standing.child_reference = in.text();
  standing.valid_from = read_date(in);
  standing.valid_to = read_date(in);
  return standing;
}

}  // namespace semak
