#include "tools/semakd/resources/person_json.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>

#include "tools/semakd/resources/times.h"

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytes = 1600;  // 400 characters
constexpr std::size_t kNumberBytes = 256;
constexpr std::size_t kShortBytes = 256;
constexpr std::size_t kNamesMax = 32;
constexpr std::size_t kFieldsMax = 100;
constexpr std::size_t kFieldBytes = 16000;
constexpr std::size_t kRecordIdBytes = 480;

constexpr std::array<std::string_view, 7> kNameTypes = {"registered", "charged_as", "known_as", "former",
                                                        "jawi",       "han",        "tamil"};
constexpr std::array<std::string_view, 9> kNumberKinds = {
    "unknown", "mykad", "old_ic", "police", "army", "passport", "unhcr", "birth_certificate", "other"};
constexpr std::array<std::string_view, 3> kSexes = {"", "M", "F"};
constexpr std::array<std::string_view, 4> kKinds = {"offender", "oyls", "child", "reference"};

std::vector<TypedName> read_names(JsonObject& parent, std::string_view name, std::size_t most, NameType otherwise,
                                  Faults& faults) {
  std::vector<TypedName> names;
  const auto items = parent.array(name, most);
  if (!items) return names;
  const std::string pointer = parent.pointer_to(name);
  for (std::size_t i = 0; i < items->size(); ++i) {
    JsonObject item(&(*items)[i], json_pointer(pointer, std::to_string(i)), faults);
    TypedName read;
    const auto type = item.choice("type", kNameTypes);
    read.type = type ? static_cast<NameType>(*type) : otherwise;
    read.text = item.need_text("text", kNameBytes);
    item.finish();
    names.push_back(std::move(read));
  }
  return names;
}

std::vector<TypedNumber> read_numbers(JsonObject& parent, std::string_view name, std::size_t most, Faults& faults) {
  std::vector<TypedNumber> numbers;
  const auto items = parent.array(name, most);
  if (!items) return numbers;
  const std::string pointer = parent.pointer_to(name);
  for (std::size_t i = 0; i < items->size(); ++i) {
    JsonObject item(&(*items)[i], json_pointer(pointer, std::to_string(i)), faults);
    TypedNumber read;
    if (const auto kind = item.choice("kind", kNumberKinds)) read.kind = static_cast<NumberKind>(*kind);
    read.text = item.need_text("text", kNumberBytes);
    read.issuer = item.text("issuer", kShortBytes).value_or("");
    for (const auto& [member, to] : {std::pair("valid_from", &read.valid_from), std::pair("valid_to", &read.valid_to)})
      if (const auto day = item.text(member, kShortBytes)) {
        if (!parse_partial_date(*day)) item.fault(member, "not_a_date", phrase(Phrase::not_a_date, faults.language()));
        *to = *day;
      }
    item.finish();
    numbers.push_back(std::move(read));
  }
  return numbers;
}

PartialDate read_date(JsonObject& object, std::string_view name, Language language) {
  const auto text = object.text(name, kShortBytes);
  if (!text) return {};
  const auto date = parse_partial_date(*text);
  if (!date) object.fault(name, "not_a_date", phrase(Phrase::not_a_date, language));
  return date.value_or(PartialDate{});
}

// May be empty: "not known".
Sex read_sex(JsonObject& object) {
  const json::value* given = object.any("sex");
  if (given == nullptr || given->is_null()) return Sex::unknown;
  if (given->is_string() && given->get_string().empty()) return Sex::unknown;
  const auto sex = object.choice("sex", kSexes);
  return sex ? static_cast<Sex>(*sex) : Sex::unknown;
}

json::array names_json(std::span<const TypedName> names) {
  json::array array;
  for (const TypedName& name : names) array.push_back({{"type", to_string(name.type)}, {"text", name.text}});
  return array;
}

json::array numbers_json(std::span<const TypedNumber> numbers) {
  json::array array;
  for (const TypedNumber& number : numbers) {
    json::object object{{"kind", number.kind == NumberKind::unknown ? "unknown" : to_string(number.kind)},
                        {"text", number.text}};
    if (!number.issuer.empty()) object["issuer"] = number.issuer;
    if (!number.valid_from.empty()) object["valid_from"] = number.valid_from;
    if (!number.valid_to.empty()) object["valid_to"] = number.valid_to;
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace

Subject read_subject(JsonObject& parent, std::string_view name, Faults& faults) {
  JsonObject object = parent.need_object(name);
  Subject subject;
  if (!object.present()) return subject;
  if (auto text = object.text("name", kNameBytes)) subject.names.push_back({NameType::registered, std::move(*text)});
  for (TypedName& other : read_names(object, "names", kNamesMax / 2, NameType::known_as, faults))
    subject.names.push_back(std::move(other));
  if (auto text = object.text("id_number", kNumberBytes))
    subject.numbers.push_back({NumberKind::unknown, std::move(*text), {}, {}, {}});
  for (TypedNumber& other : read_numbers(object, "id_numbers", kNamesMax / 2, faults))
    subject.numbers.push_back(std::move(other));
  subject.dob = read_date(object, "date_of_birth", faults.language());
  subject.sex = read_sex(object);
  subject.state = object.text("state", kShortBytes).value_or("");
  object.finish();
  return subject;
}

std::optional<ChildQuery> read_child(JsonObject& parent, std::string_view name, Faults& faults) {
  auto object = parent.object(name);
  if (!object || !object->present()) return std::nullopt;
  ChildQuery child;
  child.reference = object->text("reference", 4 * 120).value_or("");
  child.dob = read_date(*object, "date_of_birth", faults.language());
  object->finish();
  return child;
}

std::optional<PartialDate> read_day(JsonObject& parent, std::string_view name, Language language) {
  const auto text = parent.text(name, kShortBytes);
  if (!text) return std::nullopt;
  const auto day = parse_day(*text);
  if (!day) parent.fault(name, "not_a_day", phrase(Phrase::not_a_day, language));
  return day;
}

Record read_record(JsonObject& parent, std::string_view name, std::string_view id, Faults& faults) {
  JsonObject object = parent.need_object(name);
  Record record;
  if (!object.present()) return record;
  record.id = object.text("id", kRecordIdBytes).value_or(std::string(id));
  if (record.id.empty()) object.fault("id", "required", phrase(Phrase::json_required, faults.language()));
  if (!id.empty() && record.id != id)
    object.fault("id", "not_of_path", phrase(Phrase::id_not_of_path, faults.language()));
  record.names = read_names(object, "names", kNamesMax, NameType::registered, faults);
  if (record.names.empty()) object.fault("names", "required", phrase(Phrase::json_required, faults.language()));
  record.numbers = read_numbers(object, "numbers", kNamesMax, faults);
  record.dob = read_date(object, "date_of_birth", faults.language());
  record.sex = read_sex(object);
  record.nationality = object.text("nationality", kShortBytes).value_or("");
  record.state = object.text("state", kShortBytes).value_or("");
  if (auto fields = object.object("fields"); fields && fields->present()) {
    const json::value* all = object.any("fields");
    if (all->get_object().size() > kFieldsMax)
      object.fault("fields", "too_many", phrase(Phrase::too_many_members, faults.language(), kFieldsMax));
    else
      for (const auto& member : all->get_object()) {
        const std::string field(member.key());
        // An empty text is a field that is not there.
        if (member.value().is_string() && member.value().get_string().empty()) {
          static_cast<void>(fields->any(field));
          continue;
        }
        if (auto text = fields->text(field, kFieldBytes, true)) record.fields.emplace_back(field, std::move(*text));
      }
  }
  object.finish();
  return record;
}

json::object subject_json(const Subject& subject) {
  json::object object;
  std::span<const TypedName> names = subject.names;
  if (!names.empty() && names.front().type == NameType::registered) {
    object["name"] = names.front().text;
    names = names.subspan(1);
  }
  if (!names.empty()) object["names"] = names_json(names);
  std::span<const TypedNumber> numbers = subject.numbers;
  if (!numbers.empty() && numbers.front().issuer.empty() && numbers.front().kind == NumberKind::unknown) {
    object["id_number"] = numbers.front().text;
    numbers = numbers.subspan(1);
  }
  if (!numbers.empty()) object["id_numbers"] = numbers_json(numbers);
  if (subject.dob.known()) object["date_of_birth"] = to_string(subject.dob);
  if (subject.sex != Sex::unknown) object["sex"] = to_string(subject.sex);
  if (!subject.state.empty()) object["state"] = subject.state;
  return object;
}

json::object child_json(const ChildQuery& child) {
  json::object object;
  if (!child.reference.empty()) object["reference"] = child.reference;
  if (child.dob.known()) object["date_of_birth"] = to_string(child.dob);
  return object;
}

json::object person_json(const Record& record) {
  json::object object{{"names", names_json(record.names)}, {"numbers", numbers_json(record.numbers)}};
  if (record.dob.known()) object["date_of_birth"] = to_string(record.dob);
  if (record.sex != Sex::unknown) object["sex"] = to_string(record.sex);
  if (!record.nationality.empty()) object["nationality"] = record.nationality;
  if (!record.state.empty()) object["state"] = record.state;
  return object;
}

json::object fields_json(const Record& record) {
  json::object object;
  for (const auto& [field, text] : record.fields) object[field] = text;
  return object;
}

json::object record_json(const Record& record) {
  json::object object = person_json(record);
  object["id"] = record.id;
  object["fields"] = fields_json(record);
  return object;
}

std::optional<RegisterKind> register_kind_from(std::string_view text) {
  const auto at = std::find(kKinds.begin(), kKinds.end(), text);
  if (at == kKinds.end()) return std::nullopt;
  return static_cast<RegisterKind>(at - kKinds.begin() + 1);
}

}  // namespace semak
