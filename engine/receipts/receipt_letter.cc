// The letter: one A4 page that stands on its own.
#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "engine/receipts/letter_words.h"
#include "engine/receipts/qr_code.h"
#include "engine/receipts/receipt.h"

namespace semak {
namespace {

// Sizes in mm and pt: paper, not a screen. On a screen the page lies on grey.
constexpr std::string_view kStyle = R"(
@page{size:A4;margin:0}
*{box-sizing:border-box}
html{background:#e9eaec}
body{margin:0;color:#16191d;font:9.5pt/1.36 "Liberation Sans",Arial,Helvetica,sans-serif}
.page{width:210mm;min-height:296mm;margin:8mm auto;padding:13mm 19mm 9mm;background:#fff;display:flex;
flex-direction:column;overflow-wrap:anywhere}
header{display:flex;justify-content:space-between;align-items:flex-end;border-bottom:1.6pt solid #1d3a5f;
padding-bottom:3mm}
.issuer{font-size:15pt;font-weight:700;color:#1d3a5f;letter-spacing:.02em}
.kind{font-size:9pt;color:#3c4650}
.refs{display:grid;grid-template-columns:max-content 1fr;gap:.6mm 4mm;margin:4.5mm 0 0}
.refs dt,table th{color:#3c4650;font-weight:400}
dl,dd,h1,h2,p,ul{margin:0}
h1{font-size:12pt;margin:5.5mm 0 2.5mm;text-transform:uppercase;letter-spacing:.03em}
h2{font-size:9.5pt;margin:0 0 1mm}
table{width:100%;border-collapse:collapse}
th{width:44mm;text-align:left;vertical-align:top;padding:.7mm 4mm .7mm 0}
td{padding:.7mm 0;vertical-align:top}
.person{border-top:.5pt solid #9aa4af;border-bottom:.5pt solid #9aa4af}
.person td{font-weight:700}
.result{margin:4.5mm 0;border:1pt solid #1d3a5f;border-left-width:5pt;padding:3mm 5mm}
.result strong{display:block;font-size:14.5pt;line-height:1.25;margin-bottom:.8mm}
.wait{border-color:#8a6100}.record{border-color:#8c1c13}.open{border-color:#5b6570}
.notes{display:grid;grid-template-columns:2fr 3fr;gap:7mm;margin-bottom:3mm}
ul{padding-left:4.5mm}
li{margin-bottom:.8mm}
.facts{border-top:.5pt solid #9aa4af;padding-top:1.5mm}
.verify,.result,.notes{break-inside:avoid}
.verify{display:grid;grid-template-columns:1fr 44mm;gap:7mm;align-items:center;margin-top:auto;padding-top:4mm}
.verify p{margin-bottom:1.5mm}
.qr{display:block;width:44mm;height:44mm}
.small{font-size:7.5pt;line-height:1.35;color:#3c4650}
.mono{font-family:"Liberation Mono","Courier New",monospace;font-size:.93em}
.command{white-space:nowrap}
footer{border-top:.5pt solid #9aa4af;margin-top:3mm;padding-top:2mm}
@media print{html{background:#fff}.page{margin:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@media screen and (max-width:215mm){.page{width:auto;margin:0;padding:8mm;min-height:0}
.notes,.verify{grid-template-columns:1fr}}
)";

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        // Control characters are not allowed in HTML; direction marks could show a name backwards but are text.
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
  return out;
}

std::string element(std::string_view tag, std::string_view text, std::string_view attributes = "") {
  return fmt::format("<{0}{1}>{2}</{0}>", tag, attributes, escape(text));
}

std::string row(std::string_view heading, std::string_view text) {
  return "<tr>" + element("th", heading) + element("td", text) + "</tr>\n";
}

// A page holds so much: the first few, and how many more there are.
std::string listed(const std::vector<std::string>& values, const LetterWords& words) {
  constexpr std::size_t kPrinted = 4, kBytesMax = 160;
  std::string out;
  for (std::size_t i = 0; i < std::min(values.size(), kPrinted); ++i) {
    std::string_view value = values[i];
    std::size_t end = std::min(value.size(), kBytesMax);
    while (end < value.size() && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
    out.append(i == 0 ? "" : "; ").append(value.substr(0, end)).append(end < value.size() ? "…" : "");
  }
  if (values.size() > kPrinted) out += "; " + fmt::format(fmt::runtime(words.and_more), values.size() - kPrinted);
  return out;
}

std::string person_table(const std::optional<Subject>& subject, const LetterWords& words) {
  std::string out = R"(<table class="person">)"
                    "\n";
  if (!subject) return out + row(words.person, words.not_printed) + "</table>\n";
  std::vector<std::string> names, numbers;
  for (const TypedName& name : subject->names) names.push_back(name.text);
  for (const TypedNumber& number : subject->numbers) numbers.push_back(number.text);
  out += row(words.name, listed(names, words));
  if (!numbers.empty()) out += row(words.number, listed(numbers, words));
  if (subject->dob.known()) out += row(words.born, to_string(subject->dob));
  if (subject->sex != Sex::unknown) out += row(words.sex, subject->sex == Sex::male ? words.male : words.female);
  return out + "</table>\n";
}

const OutcomeWords& outcome_words(const Receipt& receipt, const LetterWords& words) {
  const auto at = std::find_if(words.outcomes.begin(), words.outcomes.end(),
                               [&](const OutcomeWords& one) { return one.code == receipt.outcome; });
  // An outcome that this version does not know is not read as any answer.
  return at == words.outcomes.end() ? words.outcomes.back() : *at;
}

std::string result_box(const Receipt& receipt, const LetterWords& words) {
  const OutcomeWords& outcome = outcome_words(receipt, words);
  std::string out = fmt::format(R"(<section class="result {}">)", outcome.tone) + element("strong", outcome.title);
  std::string finding(outcome.finding);
  if (!receipt.reason.empty()) finding += " (" + words_for(words.reasons, receipt.reason) + ")";
  out += element("p", finding);
  if (!receipt.standing.empty())
    out += element("p", fmt::format("{}: {}", words.standing, words_for(words.standings, receipt.standing)));
  return out + "</section>\n";
}

template <std::size_t N>
std::string bullets(std::string_view heading, const std::string_view (&lines)[N]) {
  std::string out = "<div>" + element("h2", heading) + "<ul>";
  for (const std::string_view line : lines)
    if (!line.empty()) out += element("li", line);
  return out + "</ul></div>";
}

std::string facts_table(const Receipt& receipt, std::string_view purpose, const LetterWords& words) {
  std::string out = R"(<table class="facts">)"
                    "\n";
  out += row(words.purpose, purpose);
  out += row(words.searched_at, spell_date_and_time(receipt.time_ms, words));
  out += row(words.registers_as_of, fmt::format(fmt::runtime(words.generation), receipt.generation));
  const bool holds = receipt.valid_until_ms != 0;
  out += row(words.valid_until,
             holds ? spell_date_and_time(receipt.valid_until_ms, words) : std::string(words.no_validity));
  return out + "</table>\n";
}

std::string verify_block(const HeldReceipt& held, std::string_view verify_url, const LetterWords& words) {
  const Receipt& receipt = held.receipt;
  std::string out = R"(<section class="verify"><div>)" + element("h2", words.verify);
  // A command that breaks across lines would be typed in wrongly.
  constexpr std::string_view kCommand = R"(<span class="command mono">semak receipt --verify</span>)";
  out += "<p>" + fmt::format(fmt::runtime(escape(words.verify_offline)), kCommand) + "</p>";
  if (!held.salt.empty()) out += element("p", words.verify_person);
  if (!verify_url.empty()) out += element("p", fmt::format(fmt::runtime(words.verify_online), verify_url));
  const std::string particulars =
      fmt::format("{}: {} · {}: {} · {}: {} · {}: {}", words.policy, receipt.policy_id, words.audit_entry,
                  receipt.audit_sequence, words.key, receipt.key_id, words.commitment, receipt.commitment);
  out += element("p", particulars, R"( class="small")");
  return out + "</div>" + qr_svg(to_qr_text(held), escape(words.scan)) + "</section>\n";
}

std::string head(const Receipt& receipt, const LetterWords& words) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="{}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
{}
<style>{}</style>
</head>
)",
                     words.html_language, element("title", fmt::format(fmt::runtime(words.page_title), receipt.id)),
                     kStyle);
}

std::string reference_lines(const Receipt& receipt, const LetterWords& words) {
  std::string out = R"(<dl class="refs">)";
  const auto line = [&out](std::string_view heading, std::string_view text, std::string_view attributes = "") {
    out += element("dt", heading) + element("dd", text, attributes) + "\n";
  };
  line(words.our_reference, receipt.id, R"( class="mono")");
  if (!receipt.reference.empty()) line(words.your_reference, receipt.reference);
  line(words.date, spell_date(receipt.time_ms, words));
  if (!receipt.tenant.empty()) line(words.to, receipt.tenant);
  return out + "</dl>\n";
}

}  // namespace

std::string receipt_letter(const Receipt& receipt, const std::optional<Subject>& subject, std::string_view language,
                           std::string_view verify_url, std::string_view salt, std::string_view issuer,
                           std::string_view purpose_title) {
  const LetterWords& words = letter_words(language);
  const std::string purpose =
      purpose_title.empty() ? words_for(words.purposes, receipt.purpose) : std::string(purpose_title);
  const OutcomeWords& outcome = outcome_words(receipt, words);
  std::string out = head(receipt, words);
  out += R"(<body><main class="page">)"
         "\n<header>";
  out += element("div", issuer.empty() ? words.issuer : issuer, R"( class="issuer")");
  out += element("div", words.kind, R"( class="kind")") + "</header>\n";
  out += reference_lines(receipt, words);
  out += element("h1", fmt::format("{}: {}", words.subject_line, purpose)) + "\n";
  out += person_table(subject, words);
  out += result_box(receipt, words);
  out += R"(<section class="notes">)" + bullets(words.means, outcome.means) +
         bullets(words.means_not, outcome.means_not) + "</section>\n";
  out += facts_table(receipt, purpose, words);
  out += verify_block({receipt, std::string(salt)}, verify_url, words);
  out += R"(<footer class="small">)" + element("p", words.confidential) + element("p", words.computer_made) +
         "</footer>\n</main></body>\n</html>\n";
  return out;
}

}  // namespace semak
