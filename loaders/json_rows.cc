#include "loaders/json_rows.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fmt/format.h>
#include <unordered_map>
#include <utility>

namespace semak {
namespace {

namespace json = boost::json;

constexpr std::size_t kDepthMax = 16;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// Text of a scalar as a cell would hold it. Integers keep all digits; a number too long for that is written in
// scientific notation, which identity numbers refuse.
std::string scalar_text(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string: return std::string(view(value.get_string()));
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::uint64: return std::to_string(value.get_uint64());
    case json::kind::double_: {
      const double number = value.get_double();
      if (std::abs(number) < 1e15 && number == std::floor(number)) return fmt::format("{:.0f}", number);
      return fmt::format("{}", number);
    }
    case json::kind::bool_: return value.get_bool() ? "yes" : "no";
    default: return {};
  }
}

bool is_scalar(const json::value& value) { return !value.is_array() && !value.is_object(); }

// Members of the outermost object of valid JSON. The parser keeps the last of doubled keys and says nothing.
std::size_t count_members(std::string_view text) {
  std::size_t depth = 0, colons = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        if (text[i] == '\\') ++i;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    } else if (c == ':' && depth == 1) {
      ++colons;
    }
  }
  return colons;
}

std::optional<NameType> find_name_type(std::string_view name) {
  for (const NameType type : {NameType::registered, NameType::charged_as, NameType::known_as, NameType::former,
                              NameType::jawi, NameType::han, NameType::tamil})
    if (fold_key(to_string(type)) == fold_key(name)) return type;
  return std::nullopt;
}

// The text of `object[key]` for the first of `keys` that is there.
std::string member_text(const json::object& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const json::value* value = object.if_contains({key.data(), key.size()})) return scalar_text(*value);
  return {};
}

}  // namespace

struct JsonRows::Impl {
  explicit Impl(RowMapper& row_mapper) : mapper(row_mapper) {}

  // `names` is no column of a table: only JSON can list names with their types.
  enum class Shape { cell, names };
  struct Key {
    Shape shape = Shape::cell;
    std::vector<ColumnTarget> targets;
  };

  const Key& key_of(std::string_view name) {
    const auto found = known.find(std::string(name));
    if (found != known.end()) return found->second;
    Key key;
    key.targets = mapper.targets_of(name);
    if (key.targets.size() == 1 && key.targets[0].column == nullptr && fold_key(name) == "names") {
      key.shape = Shape::names;
      key.targets[0].field = "name";
    }
    order.emplace_back(name);
    return known.emplace(name, std::move(key)).first->second;
  }

  using Defect = std::optional<CellDefect>;
  static CellDefect defect(const ColumnTarget& target, std::string reason, std::string cure) {
    return {target.field, std::move(reason), std::move(cure)};
  }

  Defect put_names(RowBuilder& builder, const ColumnTarget& target, const json::value& value) {
    const json::array* list = value.if_array();
    if (list == nullptr)
      return defect(target, "names is no list", "write [\"...\"] or [{\"type\": \"registered\", \"text\": \"...\"}]");
    bool first = true;
    for (const json::value& item : *list) {
      NameType type = first ? NameType::registered : NameType::known_as;
      std::string text = scalar_text(item);
      if (const json::object* object = item.if_object()) {
        text = member_text(*object, {"text", "name"});
        if (const std::string said = member_text(*object, {"type"}); !said.empty()) {
          const auto known_type = find_name_type(said);
          if (!known_type)
            return defect(target, "unknown type of name \"" + said + "\"",
                          "write registered, charged_as, known_as, former, jawi, han or tamil");
          type = *known_type;
        }
      }
      builder.put_name(type, text, target);
      first = false;
    }
    return std::nullopt;
  }

  Defect put_number(RowBuilder& builder, const ColumnTarget& target, const json::object& object) {
    TypedNumber number;
    number.text = member_text(object, {"number", "text", "value"});
    if (const std::string said = member_text(object, {"kind", "type"}); !said.empty()) {
      const auto kind = find_number_kind(said);
      if (!kind)
        return defect(target, "unknown kind of number \"" + said + "\"",
                      "write mykad, old_ic, passport, army, police, unhcr, birth_certificate or other");
      number.kind = *kind;
    }
    number.issuer = member_text(object, {"issuer"});
    number.valid_from = member_text(object, {"valid_from"});
    number.valid_to = member_text(object, {"valid_to"});
    builder.put_number(std::move(number), target);
    return std::nullopt;
  }

  Defect put_list(RowBuilder& builder, const ColumnTarget& target, const json::array& list) {
    const bool names = target.column->role == ColumnRole::aliases;
    for (const json::value& item : list) {
      if (const json::object* object = item.if_object()) {
        if (names) {
          builder.put_name(target.column->name_type, member_text(*object, {"text", "name"}), target);
        } else if (Defect wrong = put_number(builder, target, *object)) {
          return wrong;
        }
      } else if (names) {
        builder.put_name(target.column->name_type, scalar_text(item), target);
      } else {
        builder.put(target, scalar_text(item));
      }
    }
    return std::nullopt;
  }

  Defect put(RowBuilder& builder, const ColumnTarget& target, const json::value& value) {
    if (is_scalar(value)) {
      builder.put(target, scalar_text(value));
      return std::nullopt;
    }
    const ColumnRole role = target.column != nullptr ? target.column->role : ColumnRole::field;
    const bool list = role == ColumnRole::aliases || role == ColumnRole::numbers || role == ColumnRole::number;
    if (list && value.is_array()) return put_list(builder, target, value.get_array());
    if (list && role != ColumnRole::aliases) return put_number(builder, target, value.get_object());
    if (target.column != nullptr && target.kept)
      return defect(target, "a list or object where a text belongs", "write one text");
    builder.put(target, json::serialize(value));  // an extra field: kept as it came
    return std::nullopt;
  }

  // Goes on behind the first defect: the row's id may come after it.
  Defect put_row(RowBuilder& builder, const json::object& object) {
    Defect first;
    given.clear();
    for (const auto& member : object) {
      const Key& key = key_of({member.key().data(), member.key().size()});
      for (const ColumnTarget& target : key.targets) {
        const bool whole = target.column != nullptr && target.name_part < 0 && !target.rule;
        if (whole && std::find(given.begin(), given.end(), target.column) != given.end()) {
          if (!first) first = defect(target, fmt::format("two keys mean {}", target.field), "remove one of them");
          continue;
        }
        if (whole) given.push_back(target.column);
        Defect wrong = key.shape == Shape::names ? put_names(builder, target, member.value())
                                                 : put(builder, target, member.value());
        if (wrong && !first) first = std::move(wrong);
      }
    }
    return first;
  }

  void reject(std::uint64_t line, std::string_view text, CellDefect why, SourceBatch& batch, std::string id = {}) {
    batch.rejected.push_back(
        {{line, {std::string(text)}}, std::move(why.field), std::move(why.reason), std::move(why.cure), std::move(id)});
  }

  RowMapper& mapper;
  std::unordered_map<std::string, Key> known;
  std::vector<std::string> order;
  std::vector<const CanonicalColumn*> given;  // scratch: columns of this row
};

JsonRows::JsonRows(RowMapper& mapper) : impl_(std::make_unique<Impl>(mapper)) {}
JsonRows::~JsonRows() = default;
const std::vector<std::string>& JsonRows::keys() const { return impl_->order; }

void JsonRows::map(std::uint64_t line, std::string_view text, SourceBatch& batch) {
  unsigned char memory[4096];
  json::monotonic_resource arena(memory);
  json::parse_options options;
  options.max_depth = kDepthMax;
  json::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed, &arena, options);
  if (failed)
    return impl_->reject(line, text, {"", "not valid JSON: " + failed.message(), "one JSON object a line"}, batch);
  const json::object* object = parsed.if_object();
  if (object == nullptr) return impl_->reject(line, text, {"", "not a JSON object", "one JSON object a line"}, batch);
  if (count_members(text) != object->size())
    return impl_->reject(line, text, {"", "a key is there twice", "remove one of them"}, batch);
  RowBuilder& builder = impl_->mapper.begin(line, batch);
  std::optional<CellDefect> wrong = impl_->put_row(builder, *object);
  std::string id = batch.rows.back().id;
  const std::optional<CellDefect> defect = impl_->mapper.end(batch);
  if (wrong && !defect) batch.rows.pop_back();
  if (!wrong) wrong = defect;
  if (wrong) impl_->reject(line, text, *std::move(wrong), batch, std::move(id));
}

}  // namespace semak
