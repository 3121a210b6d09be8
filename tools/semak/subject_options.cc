#include "tools/semak/subject_options.h"

#include "normalize/date_parser.h"

namespace semak {

Result<PartialDate> date_option(const Arguments& arguments, std::string_view name) {
  if (!arguments.has(name)) return PartialDate{};
  const auto date = parse_date(arguments.text(name));
  if (!date) return Error{ErrorCode::invalid_input, say(Say::bad_date, arguments.text(name))};
  return *date;
}

Result<Subject> subject_options(const Arguments& arguments) {
  Subject subject;
  if (arguments.text("name").empty() && arguments.text("id").empty())
    return Error{ErrorCode::invalid_input, say(Say::lookup_needs_name)};
  if (arguments.has("name")) subject.names.push_back({NameType::registered, arguments.text("name")});
  if (arguments.has("id")) subject.numbers.push_back({NumberKind::unknown, arguments.text("id"), "", "", ""});
  subject.state = arguments.text("state");
  SEMAK_TRY(subject.dob, date_option(arguments, "born"));
  if (arguments.has("sex")) {
    const auto sex = parse_sex(arguments.text("sex"));
    if (!sex) return Error{ErrorCode::invalid_input, say(Say::bad_sex, arguments.text("sex"))};
    subject.sex = *sex;
  }
  subject.consent = arguments.has("consent");
  return subject;
}

}  // namespace semak
