#include "tools/semak/code_words.h"

#include <utility>

#include "tools/semak/messages.h"

namespace semak {

std::string in_words(CaseState state) {
  switch (state) {
    case CaseState::open: return say(Say::state_open);
    case CaseState::needs_more: return say(Say::state_needs_more);
    case CaseState::awaiting_second: return say(Say::state_awaiting_second);
    case CaseState::closed_no_record: return say(Say::state_closed_no_record);
    case CaseState::closed_record: return say(Say::state_closed_record);
  }
  return to_string(state);
}

std::string priority_in_words(int priority) {
  // The console's steps (pages/cases.tsx): 256 and 8 times the odds at which a hit is referred.
  const Say step = priority >= 80 ? Say::priority_urgent : priority >= 30 ? Say::priority_high : Say::priority_normal;
  return fmt::format("{} ({})", say(step), priority);
}

std::string in_words(Verdict verdict) {
  switch (verdict) {
    case Verdict::same_person: return say(Say::verdict_same_person);
    case Verdict::not_same: return say(Say::verdict_not_same);
    case Verdict::need_more: return say(Say::verdict_need_more);
  }
  return to_string(verdict);
}

std::string in_words(CaseEvent::Kind kind) {
  switch (kind) {
    case CaseEvent::Kind::opened: return say(Say::event_opened);
    case CaseEvent::Kind::assigned: return say(Say::event_assigned);
    case CaseEvent::Kind::note: return say(Say::event_note);
    case CaseEvent::Kind::proposed: return say(Say::event_proposed);
    case CaseEvent::Kind::confirmed: return say(Say::event_confirmed);
    case CaseEvent::Kind::rejected: return say(Say::event_rejected);
    case CaseEvent::Kind::decided: return say(Say::event_decided);
    case CaseEvent::Kind::reopened: return say(Say::event_reopened);
    case CaseEvent::Kind::record_changed: return say(Say::event_record_changed);
  }
  return to_string(kind);
}

std::string in_words(AlertKind kind) {
  switch (kind) {
    case AlertKind::new_hit: return say(Say::alert_new_hit);
    case AlertKind::changed: return say(Say::alert_changed);
    case AlertKind::cleared: return say(Say::alert_cleared);
    case AlertKind::undecidable: return say(Say::alert_undecidable);
    case AlertKind::decidable: return say(Say::alert_decidable);
  }
  return to_string(kind);
}

std::string in_words(StandingState state) {
  switch (state) {
    case StandingState::unknown: return say(Say::standing_unknown);
    case StandingState::fit: return say(Say::standing_fit);
    case StandingState::not_fit: return say(Say::standing_not_fit);
    case StandingState::expired: return say(Say::standing_expired);
    case StandingState::revoked: return say(Say::standing_revoked);
    case StandingState::suspended: return say(Say::standing_suspended);
    case StandingState::pending: return say(Say::standing_pending);
  }
  return to_string(state);
}

std::string in_words(NameType type) {
  switch (type) {
    case NameType::registered: return say(Say::label_name);
    case NameType::charged_as: return say(Say::name_charged_as);
    case NameType::known_as: return say(Say::name_known_as);
    case NameType::former: return say(Say::name_former);
    case NameType::jawi: return say(Say::name_jawi);
    case NameType::han: return say(Say::name_han);
    case NameType::tamil: return say(Say::name_tamil);
  }
  return to_string(type);
}

std::string in_words(NumberKind kind) {
  switch (kind) {
    case NumberKind::unknown: return say(Say::label_number);
    case NumberKind::mykad: return say(Say::number_mykad);
    case NumberKind::old_ic: return say(Say::number_old_ic);
    case NumberKind::police: return say(Say::number_police);
    case NumberKind::army: return say(Say::number_army);
    case NumberKind::passport: return say(Say::number_passport);
    case NumberKind::unhcr: return say(Say::number_unhcr);
    case NumberKind::birth_certificate: return say(Say::number_birth_certificate);
    case NumberKind::other: return say(Say::number_other);
  }
  return to_string(kind);
}

std::string in_words(Sex sex) {
  switch (sex) {
    case Sex::unknown: return {};
    case Sex::male: return say(Say::sex_male);
    case Sex::female: return say(Say::sex_female);
  }
  return to_string(sex);
}

std::string alert_reason_in_words(std::string_view reason) {
  const std::pair<std::string_view, Say> kReasons[] = {
      {"withdrawn", Say::alert_withdrawn},
      {"quashed", Say::alert_quashed},
      {"corrected", Say::alert_corrected},
      {"ended", Say::alert_ended},
      {"reweighed", Say::alert_reweighed},
      {"missing_policy", Say::alert_missing_policy},
      {to_string(IncompleteReason::missing_register), Say::reason_missing_register},
      {to_string(IncompleteReason::stale_register), Say::reason_stale_register},
      {to_string(IncompleteReason::too_little_data), Say::reason_too_little_data},
      {to_string(IncompleteReason::too_vague), Say::reason_too_vague},
      {to_string(IncompleteReason::cut_short), Say::reason_cut_short},
      {to_string(IncompleteReason::no_consent), Say::reason_no_consent},
  };
  for (const auto& [code, text] : kReasons) {
    if (code == reason) return say(text);
  }
  return std::string(reason);
}

}  // namespace semak
