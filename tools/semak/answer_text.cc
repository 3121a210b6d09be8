#include "tools/semak/answer_text.h"

#include <boost/json/array.hpp>

#include "tools/semak/json_text.h"
#include "tools/semak/messages.h"
#include "tools/semak/text_table.h"

namespace semak {
namespace {

std::string signed_bits(Bits bits) { return fmt::format("{:+.2f}", bits.value()); }

double rounded(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 1000 + (value < 0 ? -0.5 : 0.5))) / 1000;
}

boost::json::array evidence_array(const std::vector<Evidence>& evidence) {
  boost::json::array lines;
  for (const Evidence& line : evidence)
    lines.push_back(boost::json::object{{"aspect", to_string(line.aspect)},
                                        {"agreement", to_string(line.agreement)},
                                        {"subject", line.subject_value},
                                        {"record", line.record_value},
                                        {"bits", rounded(line.weight.value())}});
  return lines;
}

}  // namespace

std::string outcome_in_words(const Answer& answer) {
  switch (answer.outcome) {
    case Outcome::no_record: return say(Say::outcome_no_record);
    case Outcome::refer: return say(Say::outcome_refer);
    case Outcome::record: return say(Say::outcome_record);
    case Outcome::incomplete: return say(Say::outcome_incomplete, reason_in_words(answer.reason));
  }
  return "?";
}

std::string reason_in_words(IncompleteReason reason) {
  switch (reason) {
    case IncompleteReason::none: return "-";
    case IncompleteReason::too_little_data: return say(Say::reason_too_little_data);
    case IncompleteReason::too_vague: return say(Say::reason_too_vague);
    case IncompleteReason::cut_short: return say(Say::reason_cut_short);
    case IncompleteReason::stale_index: return say(Say::reason_stale_index);
    case IncompleteReason::missing_register: return say(Say::reason_missing_register);
    case IncompleteReason::stale_register: return say(Say::reason_stale_register);
    case IncompleteReason::no_consent: return say(Say::reason_no_consent);
  }
  return "?";
}

std::string agreement_in_words(Agreement agreement) {
  switch (agreement) {
    case Agreement::equal: return say(Say::agreement_equal);
    case Agreement::variant: return say(Say::agreement_variant);
    case Agreement::near: return say(Say::agreement_near);
    case Agreement::initial: return say(Say::agreement_initial);
    case Agreement::other_script: return say(Say::agreement_other_script);
    case Agreement::partial: return say(Say::agreement_partial);
    case Agreement::missing: return say(Say::agreement_missing);
    case Agreement::different: return say(Say::agreement_different);
  }
  return "?";
}

std::string aspect_in_words(Aspect aspect) {
  switch (aspect) {
    case Aspect::name_part: return say(Say::aspect_name_part);
    case Aspect::name_extra: return say(Say::aspect_name_extra);
    case Aspect::name_missing: return say(Say::aspect_name_missing);
    case Aspect::name_order: return say(Say::aspect_name_order);
    case Aspect::father: return say(Say::aspect_father);
    case Aspect::alias: return say(Say::aspect_alias);
    case Aspect::number: return say(Say::aspect_number);
    case Aspect::birth_date: return say(Say::aspect_birth_date);
    case Aspect::sex: return say(Say::aspect_sex);
    case Aspect::place: return say(Say::aspect_place);
  }
  return "?";
}

std::string evidence_cell(const std::vector<Evidence>& evidence) {
  std::string cell;
  for (const Evidence& line : evidence) {
    if (!cell.empty()) cell += "; ";
    cell += to_string(line.aspect);
    cell += ' ';
    cell += to_string(line.agreement);
    cell += ' ';
    cell += signed_bits(line.weight);
    cell += " [";
    cell += line.subject_value;
    cell += '~';
    cell += line.record_value;
    cell += ']';
  }
  return cell;
}

std::string evidence_json(const std::vector<Evidence>& evidence) { return json_text(evidence_array(evidence)); }

std::string evidence_table(const Hit& hit, int indent, bool bold) {
  TextTable table({say(Say::heading_aspect), say(Say::heading_subject), say(Say::heading_record),
                   say(Say::heading_agreement), say(Say::heading_bits)},
                  {false, false, false, false, true});
  auto shown = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  for (const Evidence& line : hit.evidence)
    table.add({aspect_in_words(line.aspect), shown(line.subject_value), shown(line.record_value),
               agreement_in_words(line.agreement), signed_bits(line.weight)});
  table.add({say(Say::heading_sum), "", "", "", signed_bits(hit.score)});
  return table.text(indent, bold);
}

std::string spell_score(Bits score) { return fmt::format("{:.2f}", score.value()); }

std::string spell_probability(double value) {
  std::string text = fmt::format("{:.9f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text += '0';
  return text;
}

std::string spell_percent(double value) {
  const double percent = value * 100;
  if (percent < 0.01) return "< 0.01 %";
  if (percent > 99.99) return "> 99.99 %";
  return percent < 1 || percent > 99 ? fmt::format("{:.2f} %", percent) : fmt::format("{:.0f} %", percent);
}

boost::json::object hit_json(const Hit& hit, int rank) {
  return {{"rank", rank},
          {"register", hit.register_name},
          {"record_id", hit.record_id},
          {"revision", hit.revision.value},
          {"score", rounded(hit.score.value())},
          {"probability", hit.probability},
          {"evidence", evidence_array(hit.evidence)}};
}

}  // namespace semak
