// Whether two actors are certainly different people: what stands behind every decision that needs a second person. An
// actor's id is a key's or person's; "cli:<login>" on the command line, and "<key id>/cli:<login>" for the holder of a
// key there.
#pragma once

#include <string_view>

namespace semak {

// Of an actor's id whose it is, without the login that it was used under.
std::string_view person_of(std::string_view actor_id);
// A login that acts without a key may be the holder of any key that is used under it, so those two may be one.
bool are_different_people(std::string_view actor_id, std::string_view other_id);

}  // namespace semak
