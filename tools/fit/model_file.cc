#include "tools/fit/model_file.h"

#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <utility>

namespace semak {
namespace {

constexpr std::array<const char*, kRelationKinds> kRelationNames = {"none",    "equal",  "family", "edit",
                                                                    "initial", "prefix", "suffix", "script"};
constexpr std::array<const char*, kTokenRoles> kRoleNames = {"given",      "father",  "surname",  "prefix",
                                                             "hereditary", "initial", "nickname", "english_given"};
constexpr std::array<const char*, kFormKinds> kFormNames = {"whole",   "alias", "combined",
                                                            "variant", "sound", "partial"};

// Visits each weight as (path, not_negative, double or Bits reference), in the order of the features.
template <class AnyModel, class Visit>
void visit_weights(AnyModel& model, Visit visit) {
  for (std::size_t kind = 1; kind < kRelationNames.size(); ++kind) {
    visit(fmt::format("gain.{}.rarity_share", kRelationNames[kind]), true, model.pair_gain[kind].rarity_share);
    visit(fmt::format("gain.{}.offset", kRelationNames[kind]), false, model.pair_gain[kind].offset);
  }
  visit("gain.relation_cost_share", true, model.relation_cost_share);
  visit("gain.initial_of_father", true, model.initial_of_father);
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    visit(fmt::format("gain.role.{}", kRoleNames[role]), false, model.role_gain[role]);
  }
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    visit(fmt::format("record_leftover.{}.per_rarity_bit", kRoleNames[role]), true,
          model.record_leftover[role].per_rarity_bit);
    visit(fmt::format("record_leftover.{}.each", kRoleNames[role]), true, model.record_leftover[role].each);
  }
  visit("query_leftover.first", true, model.query_leftover_first);
  for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
    visit(fmt::format("query_leftover.{}", kRoleNames[role]), true, model.query_leftover[role]);
  }
  visit("correction.father_contradicted", true, model.father_contradicted);
  visit("correction.father_omitted", true, model.father_omitted);
  visit("correction.no_given_matched", true, model.no_given_matched);
  visit("correction.record_left", true, model.record_left);
  visit("correction.lone_part", true, model.lone_part);
  visit("correction.first_left", true, model.first_left);
  visit("correction.initial_pair", true, model.initial_pair);
  visit("correction.crossed", true, model.crossed);
  visit("correction.inversion", true, model.inversion);
  for (std::size_t form = 0; form < kFormNames.size(); ++form) {
    visit(fmt::format("query_form.{}", kFormNames[form]), true, model.query_form[form]);
  }
  for (std::size_t form = 0; form < kFormNames.size(); ++form) {
    visit(fmt::format("record_form.{}", kFormNames[form]), true, model.record_form[form]);
  }
}

double value_of(double value) { return value; }
double value_of(Bits value) { return value.value(); }
void set(double& weight, double value) { weight = value; }
void set(Bits& weight, double value) { weight = Bits::from(value); }

}  // namespace

std::vector<Weight> weights_of(const Model& model) {
  std::vector<Weight> weights;
  visit_weights(model, [&](std::string path, bool not_negative, const auto& value) {
    // Little is known of which fathers and prefixes are left out, but equal scores help nobody: a rarer one is missed
    // more.
    const bool missed =
        path == "record_leftover.father.per_rarity_bit" || path == "record_leftover.prefix.per_rarity_bit";
    const double least = missed ? 0.03 : 0;
    weights.push_back({std::move(path), not_negative, value_of(value), least});
  });
  return weights;
}

Model with_weights(const Model& model, const std::vector<Weight>& weights) {
  Model result = model;
  std::size_t next = 0;
  visit_weights(result, [&](const std::string&, bool, auto& value) { set(value, weights[next++].value); });
  return result;
}

std::string to_toml(const Model& model, const std::string& provenance) {
  std::string text =
      "# Weights of the evidence model, in bits (model.h says what each means). Written by tools/fit; reviewed by "
      "hand.\n"
      "[provenance]\n" +
      provenance +
      fmt::format("\n[rarity]\nmax = {:.1f}\nnational_people = {:.0f}\n", model.rarity_max.value(),
                  model.national_people);
  std::string table;
  for (const Weight& weight : weights_of(model)) {
    const std::size_t dot = weight.path.rfind('.');
    if (weight.path.substr(0, dot) != table) {
      table = weight.path.substr(0, dot);
      text += fmt::format("\n[{}]\n", table);
    }
    // Three decimals: finer than 1/256 bit.
    text += fmt::format("{} = {:.3f}\n", weight.path.substr(dot + 1), weight.value);
  }
  const Model::Calibration& calibration = model.calibration;
  text += fmt::format(
      "\n[calibration]\nslope = {:.4f}\nshift = {:.4f}\nsaturation_share = {:.4f}\nsaturation_at = {:.4f}\n",
      calibration.slope, calibration.shift, calibration.saturation_share, calibration.saturation_at);
  return text;
}

}  // namespace semak
