#include "normalize/profile.h"

#include <algorithm>
#include <ctime>

#include "normalize/normalizer.h"

namespace semak {
namespace {

int current_year() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  return gmtime_r(&now, &utc) != nullptr ? utc.tm_year + 1900 : 2000;
}

bool has_form(const std::vector<NameForm>& forms, const NameForm& form) {
  return std::any_of(forms.begin(), forms.end(), [&](const NameForm& other) { return other.tokens == form.tokens; });
}

void add_form(NameForm form, std::size_t source, Profile& profile) {
  if (has_form(profile.forms, form)) return;
  form.source = static_cast<std::uint16_t>(std::min<std::size_t>(source, 0xFFFF));
  profile.forms.push_back(std::move(form));
}

// "Zul" as an alias of "Zulkifli bin Ramdi" is also Zul bin Ramdi: the readings of "Zulkifli bin Ramdi @ Zul".
void add_shared_father(const Normalizer& normalizer, const std::vector<TypedName>& names, std::size_t alias,
                       Profile& profile) {
  const NormalizedName both = normalizer.name(names[0].text + " @ " + names[alias].text);
  for (const NameForm& form : both.forms()) {
    if (form.kind == FormKind::combined) add_form(form, alias, profile);
  }
}

void add_names(const Normalizer& normalizer, const std::vector<TypedName>& names, Profile& profile, Sex& implied) {
  constexpr std::size_t kAliasesMax = 64;  // of one person; further ones are not compared
  profile.cut_short = names.size() > kAliasesMax;
  for (std::size_t i = 0; i < names.size() && i < kAliasesMax; ++i) {
    const NormalizedName name = normalizer.name(names[i].text, names[i].type);
    profile.cut_short = profile.cut_short || name.cut_short();
    if (implied == Sex::unknown) implied = name.sex_hint();
    for (NameForm form : name.forms()) {
      // The first name is the person's; further ones are known-as readings whatever their form.
      if (i > 0 && (form.kind == FormKind::whole || form.kind == FormKind::partial)) form.kind = FormKind::alias;
      add_form(std::move(form), i, profile);
    }
    if (i > 0 && name.forms().size() == 1 && name.forms()[0].tokens.size() <= 2) {
      add_shared_father(normalizer, names, i, profile);
    }
  }
}

void add_numbers(const std::vector<TypedNumber>& numbers, Profile& profile) {
  const int year = current_year();
  for (const TypedNumber& number : numbers) {
    for (IdentityNumber& parsed : parse_identity_numbers(number.text, number.kind, year)) {
      const auto same = [&](const IdentityNumber& other) {
        return other.kind == parsed.kind && other.canonical == parsed.canonical;
      };
      if (std::none_of(profile.numbers.begin(), profile.numbers.end(), same))
        profile.numbers.push_back(std::move(parsed));
    }
  }
}

Profile profile_of(const Normalizer& normalizer, const std::vector<TypedName>& names,
                   const std::vector<TypedNumber>& numbers, PartialDate dob, Sex sex, const std::string& state) {
  Profile profile;
  Sex implied = Sex::unknown;
  add_names(normalizer, names, profile, implied);
  add_numbers(numbers, profile);
  for (const IdentityNumber& number : profile.numbers) {
    if (implied == Sex::unknown) implied = number.sex;
  }
  profile.dob = dob;
  profile.sex_given = sex != Sex::unknown;
  profile.sex = profile.sex_given ? sex : implied;
  profile.state = parse_state(state);
  return profile;
}

}  // namespace

Profile make_profile(const Normalizer& normalizer, const Record& record) {
  return profile_of(normalizer, record.names, record.numbers, record.dob, record.sex, record.state);
}

Profile make_profile(const Normalizer& normalizer, const Subject& subject) {
  return profile_of(normalizer, subject.names, subject.numbers, subject.dob, subject.sex, subject.state);
}

}  // namespace semak
