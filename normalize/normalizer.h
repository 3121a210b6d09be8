// Text in, names out. Total (any bytes give an answer), deterministic and shareable between threads. The only way to
// make a NormalizedName.
//
// Idempotent on clean output: the tokens of a Latin form, joined by spaces, normalise to a first form of the same
// tokens, unless one of them is a single letter or a word that can also be a title, a particle, an alias marker or
// part of a phrase or compound ("Ramdi bin Alias" has the tokens "ramdi alias", which read by themselves are a name
// and its alias). Roles are not repeated: the particles that gave them are gone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "normalize/normalized_name.h"

namespace semak {

class Normalizer {
 public:
  Normalizer();  // reads the compiled-in tables (milliseconds); make one and share it
  ~Normalizer();
  Normalizer(const Normalizer&) = delete;
  Normalizer& operator=(const Normalizer&) = delete;

  // Forms of one name as written. `text` is UTF-8; bad bytes become U+FFFD and are dropped.
  NormalizedName name(std::string_view text, NameType type = NameType::registered) const;

  // Identifies code, tables and ICU: two normalisers of one version give the same output for every input.
  // Written into index segments; a segment of another version is rebuilt, not served.
  std::uint64_t version() const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace semak
