#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <toml++/toml.h>
#include <utility>
#include <vector>

#include "engine/policies/policy_book.h"
#include "engine/policies/policy_content.h"

namespace semak {
namespace {

// A policy is written by hand; anything longer is another file.
constexpr std::size_t kFileBytesMax = 64 << 10;
constexpr std::size_t kTextMax = 200;
constexpr std::size_t kNameMax = 40;

constexpr std::array kKinds = {RegisterKind::offender, RegisterKind::oyls, RegisterKind::child};
constexpr std::array kFields = {SubjectField::name,       SubjectField::id_number, SubjectField::birth_date,
                                SubjectField::birth_year, SubjectField::sex,       SubjectField::child};
constexpr std::array kViews = {View::nothing, View::outcome, View::comparison, View::record};

template <class T, std::size_t N>
std::optional<T> named(const std::array<T, N>& all, std::string_view text) {
  for (const T each : all) {
    if (text == to_string(each)) return each;
  }
  return std::nullopt;
}

template <class T, std::size_t N>
std::string names_of(const std::array<T, N>& all) {
  std::string names;
  for (const T each : all) names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(each));
  return names;
}

bool made_of(std::string_view text, std::size_t most, std::string_view also) {
  return !text.empty() && text.size() <= most && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || also.find(c) != std::string_view::npos;
  });
}

constexpr std::string_view kRegisterLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-";

class PolicyReader {
 public:
  explicit PolicyReader(std::string_view origin) : origin_(origin) {}

  Result<Policy> read(const toml::table& root) {
    SEMAK_TRY_STATUS(only(root, "", {"name", "title", "asks", "subject", "search", "referral", "keeping", "sees"}));
    SEMAK_TRY_STATUS(read_name(root));
    SEMAK_TRY_STATUS(in(root, "title", {"ms", "en"}, &PolicyReader::read_title));
    if (!root.contains("title")) return at(root, "title is missing; say title = { ms = \"...\", en = \"...\" }");
    SEMAK_TRY_STATUS(
        in(root, "asks", {"registers", "kinds", "standing", "register_days_max"}, &PolicyReader::read_asks));
    SEMAK_TRY_STATUS(in(root, "subject", {"needs", "consent"}, &PolicyReader::read_subject));
    SEMAK_TRY_STATUS(
        in(root, "search", {"top", "score_min", "score_min_with_number", "work_max"}, &PolicyReader::read_search));
    SEMAK_TRY_STATUS(in(root, "referral", {"probability", "base_rate"}, &PolicyReader::read_referral));
    SEMAK_TRY_STATUS(in(root, "keeping", {"valid_days", "retain_days", "case_days"}, &PolicyReader::read_keeping));
    SEMAK_TRY_STATUS(
        in(root, "sees", {"submitter", "caseworker", "registrar", "auditor", "admin"}, &PolicyReader::read_sees));
    SEMAK_TRY_STATUS(refuse_contradictions(root));
    policy_.id = policy_id(policy_);
    return std::move(policy_);
  }

 private:
  Error at(const toml::node& node, const std::string& message) const { return at(node.source(), message); }
  Error at(const toml::source_region& where, const std::string& message) const {
    return Error{ErrorCode::invalid_input, fmt::format("{}:{}: {}", origin_, where.begin.line, message)};
  }

  Status only(const toml::table& table, std::string_view section, std::initializer_list<std::string_view> known) const {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      return at(key.source(),
                fmt::format("unknown key {}; known {} are {}", path(section, key.str()),
                            section.empty() ? "here" : fmt::format("in [{}]", section), fmt::join(known, ", ")));
    }
    return {};
  }

  static std::string path(std::string_view section, std::string_view key) {
    return section.empty() ? std::string(key) : fmt::format("{}.{}", section, key);
  }

  Status in(const toml::table& root, std::string_view section, std::initializer_list<std::string_view> known,
            Status (PolicyReader::*take)(const toml::table&)) {
    const toml::node* node = root.get(section);
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) return at(*node, fmt::format("{} must be a table: [{}]", section, section));
    SEMAK_TRY_STATUS(only(*table, section, known));
    section_ = section;
    return (this->*take)(*table);
  }

  Result<std::string> text(const toml::node& node, std::string_view key) const {
    const auto value = node.value_exact<std::string>();
    if (!value) return at(node, fmt::format("{} must be a text in quotes", path(section_, key)));
    return *value;
  }

  Status flag(const toml::table& table, std::string_view key, bool& value) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return {};
    const auto found = node->value_exact<bool>();
    if (!found) return at(*node, fmt::format("{} must be true or false", path(section_, key)));
    value = *found;
    return {};
  }

  template <class Integer>
  Status whole(const toml::table& table, std::string_view key, std::int64_t least, std::int64_t most,
               std::string_view unit, Integer& value) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return {};
    const auto found = node->value_exact<std::int64_t>();
    if (!found || *found < least || *found > most) {
      return at(*node,
                fmt::format("{} must be a whole number of {} from {} to {}", path(section_, key), unit, least, most));
    }
    value = static_cast<Integer>(*found);
    return {};
  }

  // A whole number will do where a decimal one is meant.
  Status decimal(const toml::table& table, std::string_view key, double least, double most, std::string_view why,
                 double& value) const {
    const toml::node* node = table.get(key);
    if (node == nullptr) return {};
    const auto found = node->is_number() ? node->value<double>() : std::nullopt;
    if (!found || !(*found >= least && *found <= most)) {
      return at(*node, fmt::format("{} must be a number from {} to {}{}", path(section_, key), least, most, why));
    }
    value = *found;
    return {};
  }

  Result<std::vector<std::pair<std::string, const toml::node*>>> texts(const toml::node& node,
                                                                       std::string_view key) const {
    const toml::array* array = node.as_array();
    if (array == nullptr) return at(node, fmt::format("{} must be a list: [\"...\"]", path(section_, key)));
    std::vector<std::pair<std::string, const toml::node*>> all;
    for (const toml::node& item : *array) {
      SEMAK_TRY(std::string value, text(item, key));
      for (const auto& [before, where] : all) {
        if (before == value) return at(item, fmt::format("{} names \"{}\" twice", path(section_, key), value));
      }
      all.emplace_back(std::move(value), &item);
    }
    return all;
  }

  Status read_name(const toml::table& root) {
    const toml::node* node = root.get("name");
    if (node == nullptr)
      return at(root, "name is missing; say which purpose this is for, e.g. name = \"school_staff\"");
    SEMAK_TRY(policy_.name, text(*node, "name"));
    if (made_of(policy_.name, kNameMax, "_")) return {};
    return at(*node, fmt::format("name must have 1 to {} of the characters a to z, 0 to 9 and _", kNameMax));
  }

  Status read_title(const toml::table& table) {
    for (const auto& [key, title] : {std::pair{"ms", &policy_.title_ms}, std::pair{"en", &policy_.title_en}}) {
      const toml::node* node = table.get(key);
      if (node == nullptr) return at(table, fmt::format("title.{} is missing; titles are in Malay and English", key));
      SEMAK_TRY(*title, text(*node, key));
      const bool blank = title->find_first_not_of(' ') == std::string::npos;
      const bool control = std::any_of(title->begin(), title->end(), [](unsigned char c) { return c < 0x20; });
      if (blank || control || title->size() > kTextMax) {
        return at(*node, fmt::format("title.{} must be one line of 1 to {} bytes", key, kTextMax));
      }
    }
    return {};
  }

  Status read_asks(const toml::table& table) {
    if (const toml::node* node = table.get("registers")) {
      SEMAK_TRY(const auto all, texts(*node, "registers"));
      for (const auto& [name, where] : all) {
        if (!made_of(name, 64, kRegisterLetters)) {
          return at(*where, fmt::format("\"{}\" cannot be the name of a register; asks.registers takes names as semak "
                                        "load --register has them",
                                        name));
        }
        policy_.registers.push_back(name);
      }
    }
    if (const toml::node* node = table.get("kinds")) {
      SEMAK_TRY(const auto all, texts(*node, "kinds"));
      for (const auto& [name, where] : all) {
        const auto kind = named(kKinds, name);
        if (!kind) {
          return at(*where, fmt::format("asks.kinds knows {}; \"{}\" is none of them. A reference register means "
                                        "nothing by itself and is asked by its name, in asks.registers",
                                        names_of(kKinds), name));
        }
        policy_.kinds.push_back(*kind);
      }
    }
    SEMAK_TRY_STATUS(flag(table, "standing", policy_.standing));
    return whole(table, "register_days_max", 0, 3650, "days (0: any age)", policy_.register_days_max);
  }

  Status read_subject(const toml::table& table) {
    if (const toml::node* node = table.get("needs")) SEMAK_TRY_STATUS(read_needs(*node));
    return flag(table, "consent", policy_.consent);
  }

  Status read_needs(const toml::node& node) {
    const toml::array* lines = node.as_array();
    if (lines == nullptr) return at(node, R"(subject.needs must be a list of lists: [["name", "id_number"]])");
    for (const toml::node& line : *lines) {
      if (line.as_array() == nullptr || line.as_array()->empty()) {
        return at(line, R"(each line of subject.needs must be a list of fields: ["name", "id_number"])");
      }
      SEMAK_TRY(const auto all, texts(line, "needs"));
      std::vector<SubjectField> fields;
      for (const auto& [name, where] : all) {
        const auto field = named(kFields, name);
        if (!field) {
          return at(*where, fmt::format("subject.needs knows {}; \"{}\" is none of them", names_of(kFields), name));
        }
        fields.push_back(*field);
      }
      const auto has = [&](SubjectField field) { return std::count(fields.begin(), fields.end(), field) > 0; };
      if (!has(SubjectField::name) && !has(SubjectField::id_number)) {
        return at(line,
                  "a line of subject.needs asks for neither name nor id_number, and nobody can be searched by "
                  "the rest; add one of them");
      }
      policy_.needs.push_back(std::move(fields));
    }
    return {};
  }

  Status read_search(const toml::table& table) {
    // A floor above 0 bits could hide what must be referred; below -100 nothing changes any more.
    constexpr std::string_view kWhy = " bits; a higher floor could hide what must be looked at";
    SEMAK_TRY_STATUS(whole(table, "top", 1, 1000, "hits", policy_.top));
    double bits = policy_.score_min.value(), with_number = policy_.score_min_with_number.value();
    SEMAK_TRY_STATUS(decimal(table, "score_min", -100, 0, kWhy, bits));
    SEMAK_TRY_STATUS(decimal(table, "score_min_with_number", -100, 0, kWhy, with_number));
    policy_.score_min = Bits::from(bits);
    policy_.score_min_with_number = Bits::from(with_number);
    return whole(table, "work_max", 100'000, 1'000'000'000, "postings", policy_.work_max);
  }

  Status read_referral(const toml::table& table) {
    SEMAK_TRY_STATUS(decimal(table, "probability", 0.0001, 0.5, "; what is likelier than not must be looked at",
                             policy_.refer_probability));
    return decimal(table, "base_rate", 0.000001, 0.1, "", policy_.base_rate);
  }

  Status read_keeping(const toml::table& table) {
    SEMAK_TRY_STATUS(whole(table, "valid_days", 1, 3650, "days", policy_.valid_days));
    SEMAK_TRY_STATUS(whole(table, "retain_days", 1, 36500, "days", policy_.retain_days));
    return whole(table, "case_days", 1, 365, "days", policy_.case_days);
  }

  Status read_sees(const toml::table& table) {
    for (const auto& [key, node] : table) {
      SEMAK_TRY(const std::string name, text(node, key.str()));
      const auto view = named(kViews, name);
      if (!view) {
        return at(node, fmt::format("sees.{} knows {}; \"{}\" is none of them", key.str(), names_of(kViews), name));
      }
      policy_.sees[static_cast<std::size_t>(*role_from(key.str()))] = *view;
    }
    const auto of = [&](Role role) { return policy_.sees[static_cast<std::size_t>(role)]; };
    if (of(Role::submitter) > View::outcome) {
      return at(*table.get("submitter"),
                "sees.submitter may be nothing or outcome: who hands in a check learns "
                "whether there is a record, never what it says");
    }
    if (of(Role::caseworker) < View::comparison) {
      return at(*table.get("caseworker"),
                "sees.caseworker must be comparison or record: nobody decides about what they cannot see");
    }
    return {};
  }

  bool asks_kind(RegisterKind kind) const { return std::count(policy_.kinds.begin(), policy_.kinds.end(), kind) > 0; }

  Status refuse_contradictions(const toml::table& root) const {
    const auto node = [&](std::string_view key) -> const toml::node& {
      const toml::node* found = root.at_path(key).node();
      return found != nullptr ? *found : root;
    };
    if (policy_.standing && policy_.registers.empty() && !policy_.kinds.empty() && !asks_kind(RegisterKind::oyls)) {
      return at(node("asks.standing"),
                "asks.standing is true and no oyls register is asked; add \"oyls\" to "
                "asks.kinds, or leave standing out");
    }
    if (asks_kind(RegisterKind::child) && policy_.sees[static_cast<std::size_t>(Role::submitter)] != View::nothing) {
      return at(node("asks.kinds"),
                "a child register is asked and the submitter sees the outcome, which would tell "
                "that a child is known there; say sees.submitter = \"nothing\"");
    }
    for (const auto& line : policy_.needs) {
      if (policy_.standing || std::count(line.begin(), line.end(), SubjectField::child) == 0) continue;
      return at(node("subject.needs"),
                "subject.needs asks for the child, which only a standing is about; add "
                "asks.standing = true, or leave child out");
    }
    if (policy_.retain_days < policy_.valid_days) {
      return at(node("keeping.retain_days"),
                fmt::format("keeping.retain_days ({}) ends before the answer does (keeping.valid_days, {}); keep the "
                            "subject's data at least as long",
                            policy_.retain_days, policy_.valid_days));
    }
    if (policy_.retain_days < policy_.case_days) {
      return at(node("keeping.retain_days"),
                fmt::format("keeping.retain_days ({}) ends before a case must be decided (keeping.case_days, {}); keep "
                            "the subject's data at least as long",
                            policy_.retain_days, policy_.case_days));
    }
    return {};
  }

  std::string_view origin_;
  std::string_view section_;
  Policy policy_;
};

}  // namespace

Result<Policy> parse_policy(std::string_view toml, std::string_view origin) {
  if (toml.size() > kFileBytesMax) {
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}: this is no policy file (more than {} bytes)", origin, kFileBytesMax)};
  }
  try {
    return PolicyReader(origin).read(toml::parse(toml, origin));
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", origin, error.source().begin.line, error.description())};
  }
}

}  // namespace semak
