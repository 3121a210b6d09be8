// Column headings as registers, forms and spreadsheets write them, Malay and English (headings.csv).
#pragma once

#include <string_view>

#include "loaders/columns.h"

namespace semak {

// The canonical column that `heading` names for rows of this use; null if it is not a known heading. Case,
// blanks and punctuation do not matter.
const CanonicalColumn* recognise_heading(std::string_view heading, ColumnUse use);

}  // namespace semak
