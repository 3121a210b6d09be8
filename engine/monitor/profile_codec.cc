#include "engine/monitor/profile_codec.h"

#include "engine/store/bytes.h"

namespace semak {
namespace {

constexpr std::uint8_t kFormat = 1;

void append_date(std::string& out, PartialDate date) {
  append_varint(out, static_cast<std::uint64_t>(date.year));
  if (date.year == 0) return;
  out += static_cast<char>(date.month);
  out += static_cast<char>(date.day);
}

PartialDate read_date(ByteReader& in) {
  PartialDate date;
  date.year = static_cast<std::int16_t>(in.varint_up_to(9999));
  if (date.year == 0) return date;
  date.month = in.byte();
  date.day = in.byte();
  if (!exists(date)) in.fail();
  return date;
}

void append_form(std::string& out, const NameForm& form) {
  append_enum(out, form.kind);
  append_enum(out, form.script);
  append_varint(out, form.source);
  append_varint(out, form.tokens.size());
  for (const NameToken& token : form.tokens) {
    append_text(out, token.text);
    append_text(out, token.skeleton);
    append_varint(out, token.family);
    append_varint(out, static_cast<std::uint64_t>(token.script) << 3 | static_cast<std::uint64_t>(token.role));
  }
}

NameForm read_form(ByteReader& in) {
  NameForm form;
  form.kind = read_enum(in, FormKind::partial);
  form.script = read_enum(in, Script::other);
  form.source = static_cast<std::uint16_t>(in.varint_up_to(0xffff));
  form.tokens.resize(in.varint_up_to(NormalizedName::kTokensMax));
  if (form.tokens.empty()) in.fail();
  for (NameToken& token : form.tokens) {
    token.text = in.text();
    token.skeleton = in.text();
    token.family = static_cast<std::uint32_t>(in.varint_up_to(0xffffffff));
    const std::uint64_t script_role = in.varint_up_to(static_cast<std::uint64_t>(Script::other) << 3 | 7);
    token.script = static_cast<Script>(script_role >> 3);
    token.role = static_cast<TokenRole>(script_role & 7);
    if (token.text.empty()) in.fail();
  }
  return form;
}

void append_number(std::string& out, const IdentityNumber& number) {
  append_enum(out, number.kind);
  append_text(out, number.canonical);
  append_varint(out, static_cast<std::uint64_t>(number.flags));
  for (const PartialDate date : number.birth_dates) append_date(out, date);
  append_enum(out, number.sex);
  append_varint(out, number.place_code);
}

IdentityNumber read_number(ByteReader& in) {
  IdentityNumber number;
  number.kind = read_enum(in, NumberKind::other);
  number.canonical = in.text();
  number.flags = static_cast<NumberFlag>(in.varint_up_to(0xffff));
  for (PartialDate& date : number.birth_dates) date = read_date(in);
  number.sex = read_enum(in, Sex::female);
  number.place_code = static_cast<std::uint8_t>(in.varint_up_to(255));
  return number;
}

}  // namespace

std::string encode_profile(const Profile& profile) {
  std::string out(1, static_cast<char>(kFormat));
  append_varint(out, profile.forms.size());
  for (const NameForm& form : profile.forms) append_form(out, form);
  append_varint(out, profile.numbers.size());
  for (const IdentityNumber& number : profile.numbers) append_number(out, number);
  append_date(out, profile.dob);
  append_enum(out, profile.sex);
  append_varint(out, profile.state);
  append_varint(out, static_cast<std::uint64_t>(profile.sex_given) | static_cast<std::uint64_t>(profile.cut_short)
                                                                         << 1);
  return out;
}

Result<Profile> decode_profile(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != kFormat) in.fail();
  Profile profile;
  profile.forms.resize(in.varint_up_to(in.rest().size()));
  for (NameForm& form : profile.forms) form = read_form(in);
  profile.numbers.resize(in.varint_up_to(in.rest().size()));
  for (IdentityNumber& number : profile.numbers) number = read_number(in);
  profile.dob = read_date(in);
  profile.sex = read_enum(in, Sex::female);
  profile.state = static_cast<std::uint8_t>(in.varint_up_to(255));
  const std::uint64_t marks = in.varint_up_to(3);
  profile.sex_given = (marks & 1) != 0;
  profile.cut_short = (marks & 2) != 0;
  if (!in.at_end()) return Error{ErrorCode::corruption, "a person under watch: the normalised name is damaged"};
  return profile;
}

}  // namespace semak
