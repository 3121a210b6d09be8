#include "engine/desk/subject_codec.h"

namespace semak {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

void append_date(std::string& out, PartialDate date) {
  append_varint(out, static_cast<std::uint16_t>(date.year));
  out += static_cast<char>(date.month);
  out += static_cast<char>(date.day);
}

PartialDate read_date(ByteReader& in) {
  PartialDate date;
  date.year = static_cast<std::int16_t>(static_cast<std::uint16_t>(in.varint_up_to(0xffff)));
  date.month = in.byte();
  date.day = in.byte();
  return date;
}

void append_subject(std::string& out, const Subject& subject) {
  out += static_cast<char>(kVersion);
  append_varint(out, subject.names.size());
  for (const TypedName& name : subject.names) {
    append_enum(out, name.type);
    append_text(out, name.text);
  }
  append_varint(out, subject.numbers.size());
  for (const TypedNumber& number : subject.numbers) {
    append_enum(out, number.kind);
    for (const std::string* text : {&number.text, &number.issuer, &number.valid_from, &number.valid_to}) {
      append_text(out, *text);
    }
  }
  append_date(out, subject.dob);
  append_enum(out, subject.sex);
  for (const std::string* text : {&subject.state, &subject.purpose, &subject.reference}) append_text(out, *text);
  append_varint(out, subject.consent ? 1 : 0);
}

Subject read_subject(ByteReader& in) {
  Subject subject;
  if (in.byte() != kVersion) in.fail();
  subject.names.resize(in.varint_up_to(in.rest().size()));
  for (TypedName& name : subject.names) {
    name.type = read_enum(in, NameType::tamil);
    name.text = in.text();
  }
  subject.numbers.resize(in.varint_up_to(in.rest().size()));
  for (TypedNumber& number : subject.numbers) {
    number.kind = read_enum(in, NumberKind::other);
    for (std::string* text : {&number.text, &number.issuer, &number.valid_from, &number.valid_to}) *text = in.text();
  }
  subject.dob = read_date(in);
  subject.sex = read_enum(in, Sex::female);
  for (std::string* text : {&subject.state, &subject.purpose, &subject.reference}) *text = in.text();
  subject.consent = in.varint_up_to(1) == 1;
  return subject;
}

}  // namespace semak
