// The stable names of enumerators, as files, JSON and messages spell them.
#include "engine/actor.h"
#include "engine/decision.h"
#include "engine/person.h"
#include "engine/policy.h"
#include "engine/record.h"
#include "engine/standing.h"

namespace semak {

const char* to_string(NumberKind kind) {
  switch (kind) {
    case NumberKind::unknown: return "unknown";
    case NumberKind::mykad: return "mykad";
    case NumberKind::old_ic: return "old_ic";
    case NumberKind::police: return "police";
    case NumberKind::army: return "army";
    case NumberKind::passport: return "passport";
    case NumberKind::unhcr: return "unhcr";
    case NumberKind::birth_certificate: return "birth_certificate";
    case NumberKind::other: return "other";
  }
  return "other";
}

const char* to_string(NameType type) {
  switch (type) {
    case NameType::registered: return "registered";
    case NameType::charged_as: return "charged_as";
    case NameType::known_as: return "known_as";
    case NameType::former: return "former";
    case NameType::jawi: return "jawi";
    case NameType::han: return "han";
    case NameType::tamil: return "tamil";
  }
  return "registered";
}

const char* to_string(Sex sex) {
  switch (sex) {
    case Sex::unknown: return "";
    case Sex::male: return "M";
    case Sex::female: return "F";
  }
  return "";
}

const char* to_string(RegisterKind kind) {
  switch (kind) {
    case RegisterKind::offender: return "offender";
    case RegisterKind::oyls: return "oyls";
    case RegisterKind::child: return "child";
    case RegisterKind::reference: return "reference";
  }
  return "reference";
}

const char* to_string(Aspect aspect) {
  switch (aspect) {
    case Aspect::name_part: return "name_part";
    case Aspect::name_extra: return "name_extra";
    case Aspect::name_missing: return "name_missing";
    case Aspect::name_order: return "name_order";
    case Aspect::father: return "father";
    case Aspect::alias: return "alias";
    case Aspect::number: return "number";
    case Aspect::birth_date: return "birth_date";
    case Aspect::sex: return "sex";
    case Aspect::place: return "place";
  }
  return "name_part";
}

const char* to_string(Agreement agreement) {
  switch (agreement) {
    case Agreement::equal: return "equal";
    case Agreement::variant: return "variant";
    case Agreement::near: return "near";
    case Agreement::initial: return "initial";
    case Agreement::other_script: return "other_script";
    case Agreement::partial: return "partial";
    case Agreement::missing: return "missing";
    case Agreement::different: return "different";
  }
  return "different";
}

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::no_record: return "no_record";
    case Outcome::refer: return "refer";
    case Outcome::record: return "record";
    case Outcome::incomplete: return "incomplete";
  }
  return "incomplete";
}

const char* to_string(IncompleteReason reason) {
  switch (reason) {
    case IncompleteReason::none: return "";
    case IncompleteReason::too_little_data: return "too_little_data";
    case IncompleteReason::too_vague: return "too_vague";
    case IncompleteReason::cut_short: return "cut_short";
    case IncompleteReason::stale_index: return "stale_index";
    case IncompleteReason::missing_register: return "missing_register";
    case IncompleteReason::stale_register: return "stale_register";
    case IncompleteReason::no_consent: return "no_consent";
  }
  return "";
}

const char* to_string(StandingState state) {
  switch (state) {
    case StandingState::unknown: return "unknown";
    case StandingState::fit: return "fit";
    case StandingState::not_fit: return "not_fit";
    case StandingState::expired: return "expired";
    case StandingState::revoked: return "revoked";
    case StandingState::suspended: return "suspended";
    case StandingState::pending: return "pending";
  }
  return "unknown";
}

const char* to_string(SubjectField field) {
  switch (field) {
    case SubjectField::name: return "name";
    case SubjectField::id_number: return "id_number";
    case SubjectField::birth_date: return "birth_date";
    case SubjectField::birth_year: return "birth_year";
    case SubjectField::sex: return "sex";
    case SubjectField::child: return "child";
  }
  return "name";
}

const char* to_string(View view) {
  switch (view) {
    case View::nothing: return "nothing";
    case View::outcome: return "outcome";
    case View::comparison: return "comparison";
    case View::record: return "record";
  }
  return "nothing";
}

namespace {

constexpr struct {
  Role role;
  const char* name;
} kRoles[] = {{Role::submitter, "submitter"},
              {Role::caseworker, "caseworker"},
              {Role::registrar, "registrar"},
              {Role::auditor, "auditor"},
              {Role::admin, "admin"}};

}  // namespace

const char* to_string(Role role) {
  for (const auto& each : kRoles) {
    if (each.role == role) return each.name;
  }
  return "submitter";
}

std::optional<Role> role_from(std::string_view text) {
  for (const auto& each : kRoles) {
    if (text == each.name) return each.role;
  }
  return std::nullopt;
}

}  // namespace semak
