#include "engine/match/model.h"

#include <cstdio>
#include <exception>
#include <string>
#include <toml++/toml.h>
#include <utility>

#include "engine/check.h"

extern const char semak_match_name_frequencies_begin[];
extern const char semak_match_name_frequencies_end[];
extern const char semak_match_model_begin[];
extern const char semak_match_model_end[];

namespace semak {
namespace {

constexpr std::array<const char*, kRelationKinds> kRelationNames = {"none",    "equal",  "family", "edit",
                                                                    "initial", "prefix", "suffix", "script"};
constexpr std::array<const char*, kTokenRoles> kRoleNames = {"given",      "father",  "surname",  "prefix",
                                                             "hereditary", "initial", "nickname", "english_given"};
constexpr std::array<const char*, kFormKinds> kFormNames = {"whole",   "alias", "combined",
                                                            "variant", "sound", "partial"};

// FNV-1a, for identity only.
std::uint64_t hash_bytes(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

// Takes values out of the file; the first trouble is kept.
class Reader {
 public:
  explicit Reader(const toml::table& root) : root_(root) {}

  double number(const std::string& path) {
    const std::optional<double> value = root_.at_path(path).value<double>();
    if (!value) note(path + " is missing or not a number");
    return value.value_or(0);
  }
  double not_negative(const std::string& path) {
    const double value = number(path);
    if (value < 0) note(path + " must not be negative");
    return value;
  }
  Bits penalty(const std::string& path) { return Bits::from(not_negative(path)); }
  const std::string& trouble() const { return trouble_; }
  void note(std::string text) {
    if (trouble_.empty()) trouble_ = std::move(text);
  }

 private:
  const toml::table& root_;
  std::string trouble_;
};

Model read(Reader& reader) {
  Model model{};
  for (std::size_t kind = 1; kind < kRelationNames.size(); ++kind) {
    const std::string path = std::string("gain.") + kRelationNames[kind];
    model.pair_gain[kind] = {reader.not_negative(path + ".rarity_share"), reader.number(path + ".offset")};
  }
  model.relation_cost_share = reader.not_negative("gain.relation_cost_share");
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    model.role_gain[role] = Bits::from(reader.number(std::string("gain.role.") + kRoleNames[role]));
  }
  model.initial_of_father = reader.penalty("gain.initial_of_father");
  model.rarity_max = reader.penalty("rarity.max");
  model.national_people = reader.not_negative("rarity.national_people");
  if (!(model.national_people > 0)) reader.note("rarity.national_people must be positive");
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    const std::string path = std::string("record_leftover.") + kRoleNames[role];
    model.record_leftover[role] = {reader.not_negative(path + ".per_rarity_bit"), reader.not_negative(path + ".each")};
  }
  model.query_leftover_first = reader.penalty("query_leftover.first");
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    model.query_leftover[role] = reader.penalty(std::string("query_leftover.") + kRoleNames[role]);
  }
  model.father_contradicted = reader.penalty("correction.father_contradicted");
  model.father_omitted = reader.penalty("correction.father_omitted");
  model.no_given_matched = reader.penalty("correction.no_given_matched");
  model.record_left = reader.penalty("correction.record_left");
  model.lone_part = reader.penalty("correction.lone_part");
  model.first_left = reader.penalty("correction.first_left");
  model.initial_pair = reader.penalty("correction.initial_pair");
  model.crossed = reader.penalty("correction.crossed");
  model.inversion = reader.penalty("correction.inversion");
  for (std::size_t form = 0; form < kFormNames.size(); ++form) {
    model.query_form[form] = reader.penalty(std::string("query_form.") + kFormNames[form]);
    model.record_form[form] = reader.penalty(std::string("record_form.") + kFormNames[form]);
  }
  model.calibration = {reader.not_negative("calibration.slope"), reader.number("calibration.shift"),
                       reader.not_negative("calibration.saturation_share"), reader.number("calibration.saturation_at")};
  return model;
}

}  // namespace

Result<Model> parse_model(std::string_view toml_text) {
  try {
    const toml::table root = toml::parse(toml_text);
    Reader reader(root);
    Model model = read(reader);
    if (!reader.trouble().empty()) return Error{ErrorCode::invalid_input, "model: " + reader.trouble()};
    model.version = hash_bytes(toml_text);
    return model;
  } catch (const std::exception& error) {
    return Error{ErrorCode::invalid_input, std::string("model: ") + error.what()};
  }
}

const Model& default_model() {
  static const Model model = [] {
    Result<Model> parsed = parse_model({semak_match_model_begin, semak_match_model_end});
    if (!parsed) std::fprintf(stderr, "%s\n", parsed.error().message.c_str());
    SEMAK_CHECK(parsed.ok());
    // Segments hold rarities too, which come from this table.
    parsed->version ^= hash_bytes({semak_match_name_frequencies_begin, semak_match_name_frequencies_end});
    return std::move(parsed).value();
  }();
  return model;
}

}  // namespace semak
