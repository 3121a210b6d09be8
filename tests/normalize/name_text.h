// Forms of a name as one line each, for tests: "abdul/prefix razak hussein/father".
#pragma once

#include <string>
#include <vector>

#include "normalize/normalizer.h"

namespace semak {

inline const Normalizer& test_normalizer() {
  static const Normalizer normalizer;
  return normalizer;
}

inline std::string text_of(const NameForm& form) {
  static const char* const kRoles[] = {"",         "/father",   "/surname", "/prefix", "/hereditary",
                                       "/initial", "/nickname", "/english"};
  std::string text;
  for (const NameToken& token : form.tokens) {
    if (!text.empty()) text += ' ';
    text += token.text + kRoles[static_cast<int>(token.role)];
  }
  return text;
}

inline std::string tokens_of(const NameForm& form) {
  std::string text;
  for (const NameToken& token : form.tokens) {
    if (!text.empty()) text += ' ';
    text += token.text;
  }
  return text;
}

// The first form, with roles; empty if there is none.
inline std::string first_form(std::string_view name) {
  const NormalizedName normalized = test_normalizer().name(name);
  return normalized.forms().empty() ? std::string() : text_of(normalized.forms().front());
}

inline std::string first_tokens(std::string_view name) {
  const NormalizedName normalized = test_normalizer().name(name);
  return normalized.forms().empty() ? std::string() : tokens_of(normalized.forms().front());
}

// "whole: samat maharudin/father", one entry for each form.
inline std::vector<std::string> forms_of(std::string_view name, NameType type = NameType::registered) {
  static const char* const kKinds[] = {"whole: ", "alias: ", "combined: ", "variant: ", "sound: ", "partial: "};
  std::vector<std::string> forms;
  const NormalizedName normalized = test_normalizer().name(name, type);
  for (const NameForm& form : normalized.forms()) {
    forms.push_back(kKinds[static_cast<int>(form.kind)] + text_of(form));
  }
  return forms;
}

}  // namespace semak
