#include "normalize/normalizer.h"

#include <unicode/uversion.h>

#include "normalize/name_lexicon.h"
#include "normalize/name_parser.h"

// All tables of normalize/tables/, one after another.
extern const char semak_normalize_tables_begin[];
extern const char semak_normalize_tables_end[];

namespace semak {
namespace {

// Raised with every change of code that changes any output.
constexpr std::uint64_t kCodeVersion = 6;

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ (hash >> 31);
}

}  // namespace

struct Normalizer::Tables {
  Lexicon lexicon;
};

Normalizer::Normalizer() : tables_(std::make_unique<const Tables>()) {}
Normalizer::~Normalizer() = default;

NormalizedName Normalizer::name(std::string_view text, NameType type) const {
  ParsedName parsed = parse_name(tables_->lexicon, text, type);
  NormalizedName name;
  name.forms_ = std::move(parsed.forms);
  name.sex_hint_ = parsed.sex_hint;
  name.cut_short_ = parsed.cut_short;
  return name;
}

std::uint64_t Normalizer::version() const {
  static const std::uint64_t version = [] {
    std::uint64_t hash = mix(kCodeVersion, 0);
    for (const char* byte = semak_normalize_tables_begin; byte != semak_normalize_tables_end; ++byte) {
      hash = mix(hash, static_cast<unsigned char>(*byte));
    }
    UVersionInfo icu;
    u_getVersion(icu);
    for (const std::uint8_t part : icu) hash = mix(hash, part);
    return hash;
  }();
  return version;
}

}  // namespace semak
