// What happens to a name and a number between a register and a form: the kinds of damage, each with its share.
#pragma once

#include <string>
#include <vector>

#include "tools/gen/population.h"

namespace semak {

// As somebody else wrote it down.
struct Damaged {
  std::string text;
  std::vector<std::string> kinds;  // what was done: "edit1", "variant", "particle" ...; empty: nothing
};

Damaged damage_name(const NameGrammar& grammar, const GeneratedPerson& person, Random& random);
// `text` may become empty ("number_absent").
Damaged damage_number(const std::string& number, Random& random);

// One slip of the pen: a letter wrong, lost, doubled, added or swapped with its neighbour.
void mistype(std::string& name, Random& random);

}  // namespace semak
