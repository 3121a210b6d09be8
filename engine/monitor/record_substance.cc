#include "engine/monitor/record_substance.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "engine/screen/record_fingerprint.h"
#include "engine/screen/record_status.h"

namespace semak {
namespace {

// Which fields there are: engine/screen/record_status.h.
constexpr std::string_view kOffender[] = {"act",           "section",      "act_section",   "court",
                                          "case_no",       "charge_date",  "sentence",      "conviction_date",
                                          "sentence_date", "release_date", "appeal_status", "quashed",
                                          "appeal_date"};
constexpr std::string_view kOyls[] = {"status",   "order_no",  "section",   "court",       "order_from",
                                      "order_to", "child_ref", "child_dob", "revoked_date"};

std::span<const std::string_view> telling_fields(RegisterKind kind) {
  switch (kind) {
    case RegisterKind::offender: return kOffender;
    case RegisterKind::oyls: return kOyls;
    case RegisterKind::child:
    case RegisterKind::reference: break;
  }
  return {};
}

// Upper case, blanks at the ends left out and elsewhere one.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > ' ') {
      out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string record_substance(RegisterKind kind, const Record& record) {
  std::string out = person_fingerprint(record);
  const auto add = [&](std::string_view text) {
    const std::string value = folded(text);
    out += '\n' + std::to_string(value.size()) + ' ' + value;
  };
  add(record.state);
  for (const std::string_view field : telling_fields(kind)) add(field_of(record, field));
  return out;
}

}  // namespace semak
