#include "engine/screen/standing.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "engine/screen/record_status.h"
#include "loaders/columns.h"
#include "normalize/date_parser.h"

namespace semak {
namespace {

namespace chrono = std::chrono;

constexpr int kAdult = 18;
constexpr std::int64_t kMalaysia = 8 * 3600;  // ahead of UTC
constexpr PartialDate kFirstDay{1, 1, 1}, kLastDay{9999, 12, 31};

PartialDate earliest(PartialDate date) {
  if (date.month == 0) date.month = 1;
  if (date.day == 0) date.day = 1;
  return date;
}

PartialDate latest(PartialDate date) {
  if (date.month == 0) date.month = 12;
  for (date.day = date.day == 0 ? std::uint8_t{31} : date.day; !exists(date);) --date.day;
  return date;
}

PartialDate day_before(PartialDate date) {
  const chrono::year_month_day given{chrono::year{date.year}, chrono::month{date.month}, chrono::day{date.day}};
  const chrono::year_month_day before{chrono::sys_days{given} - chrono::days{1}};
  return {static_cast<std::int16_t>(static_cast<int>(before.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(before.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(before.day()))};
}

// The same day `years` later; 1 March where that year has no 29 February.
PartialDate years_after(PartialDate date, int years) {
  date.year = static_cast<std::int16_t>(std::min(date.year + years, 9999));
  return exists(date) ? date : PartialDate{date.year, 3, 1};
}

// A date as a field says it: nothing, a date, or something that cannot be read.
struct Said {
  bool given = false;
  PartialDate date;
};

Said said(const Record& record, std::string_view field) {
  const std::string_view text = field_of(record, field);
  const auto date = parse_date(text);
  if (date && !date->known()) return {};
  return {!text.empty(), date.value_or(PartialDate{})};
}

// The first day on which what began on `date` may hold.
bool reached(Said date, PartialDate day) { return !date.date.known() || earliest(date.date) <= day; }

// The law's own end of an order that states none; unknown where there is none.
PartialDate end_by_law(std::string_view section, PartialDate from) {
  static constexpr struct {
    std::string_view section;
    int years;
  } kTerms[] = {{"301cii", 2}, {"401b", 3}};
  if (!from.known()) return {};
  const std::string key = fold_key(section);
  for (const auto& term : kTerms) {
    if (key.find(term.section) != std::string::npos) return day_before(years_after(earliest(from), term.years));
  }
  return {};
}

struct Order {
  Said from, to, child_dob, revoked, status_date;
  std::string_view status;  // canonical; empty: none
  std::string_view child_ref;
  PartialDate last_day;  // in force; unknown: no end is known
};

PartialDate last_child_day(Said order_says, const ChildQuery* child) {
  PartialDate dob = order_says.date;
  if (!dob.known() && child != nullptr) dob = child->dob;
  if (dob.known()) return day_before(years_after(earliest(dob), kAdult));
  return order_says.given ? kFirstDay : PartialDate{};
}

Order order_of(const Record& record, const ChildQuery* child) {
  Order order;
  order.from = said(record, "order_from");
  order.to = said(record, "order_to");
  order.child_dob = said(record, "child_dob");
  order.revoked = said(record, "revoked_date");
  order.status_date = said(record, "status_date");
  order.status = find_choice("status", field_of(record, "status"));
  order.child_ref = field_of(record, "child_ref");
  const bool ordered = order.from.given || !field_of(record, "order_no").empty();
  if (order.status.empty()) order.status = ordered ? "AKTIF" : "PERMOHONAN";
  if (order.to.given)
    order.last_day = order.to.date.known() ? earliest(order.to.date) : kFirstDay;
  else
    order.last_day = end_by_law(field_of(record, "section"), order.from.date);
  const PartialDate childhood = last_child_day(order.child_dob, child);
  if (childhood.known() && (!order.last_day.known() || childhood < order.last_day)) order.last_day = childhood;
  return order;
}

enum class ForChild { yes, another, unnamed };

ForChild for_child(const Order& order, const ChildQuery* child) {
  if (child == nullptr) return ForChild::yes;
  const bool asked_by_name = !fold_key(child->reference).empty();
  if (asked_by_name && !order.child_ref.empty()) {
    return fold_key(child->reference) == fold_key(order.child_ref) ? ForChild::yes : ForChild::another;
  }
  if (child->dob.known() && order.child_dob.date.known()) {
    const bool apart =
        earliest(child->dob) > latest(order.child_dob.date) || latest(child->dob) < earliest(order.child_dob.date);
    if (apart) return ForChild::another;
    if (child->dob == order.child_dob.date) return ForChild::yes;
  }
  return asked_by_name ? ForChild::unnamed : ForChild::yes;
}

StandingState by_dates(const Order& order, PartialDate day, ForChild for_whom) {
  if (order.from.given && day < (order.from.date.known() ? latest(order.from.date) : kLastDay)) {
    return StandingState::pending;
  }
  if (order.last_day.known() && day > order.last_day) return StandingState::expired;
  return for_whom == ForChild::unnamed ? StandingState::not_fit : StandingState::fit;
}

StandingState state_of(const Order& order, PartialDate day, ForChild for_whom) {
  const std::string_view status = order.status;
  if (for_whom == ForChild::another) return StandingState::not_fit;
  if (order.revoked.given && reached(order.revoked, day)) return StandingState::revoked;
  if (status == "TOLAK") return reached(order.status_date, day) ? StandingState::not_fit : StandingState::pending;
  if (status == "BATAL" || status == "TARIK DIRI") {
    const bool dated = order.revoked.given;  // and not reached
    if (!dated && reached(order.status_date, day)) return StandingState::revoked;
    return by_dates(order, day, for_whom);
  }
  if (status == "GANTUNG") {
    const StandingState dated = by_dates(order, day, for_whom);
    return reached(order.status_date, day) && dated != StandingState::expired ? StandingState::suspended : dated;
  }
  if (status == "TAMAT" || status == "MENINGGAL") {
    return reached(order.status_date, day) ? StandingState::expired : by_dates(order, day, for_whom);
  }
  if (status == "PERINTAH" || status == "AKTIF") return by_dates(order, day, for_whom);
  return StandingState::pending;
}

int rank(StandingState state) {
  switch (state) {
    case StandingState::fit: return 6;
    case StandingState::suspended: return 5;
    case StandingState::pending: return 4;
    case StandingState::revoked: return 3;
    case StandingState::expired: return 2;
    case StandingState::not_fit: return 1;
    case StandingState::unknown: return 0;
  }
  return 0;
}

}  // namespace

Standing standing_of(const Record& record, PartialDate as_of, const ChildQuery* child) {
  if (!as_of.has_day()) {
    Standing first = standing_of(record, earliest(as_of), child);
    Standing last = standing_of(record, latest(as_of), child);
    Standing& lesser = says_more(first, last) ? last : first;
    lesser.as_of = as_of;
    return std::move(lesser);
  }
  const Order order = order_of(record, child);
  Standing standing;
  standing.as_of = as_of;
  standing.state = state_of(order, as_of, for_child(order, child));
  standing.order = field_of(record, "order_no");
  standing.section = field_of(record, "section");
  standing.child_reference = order.child_ref;
  standing.valid_from = order.from.date;
  standing.valid_to = order.last_day == kFirstDay ? PartialDate{} : order.last_day;
  return standing;
}

bool says_more(const Standing& a, const Standing& b) {
  if (rank(a.state) != rank(b.state)) return rank(a.state) > rank(b.state);
  return a.valid_from > b.valid_from;
}

PartialDate day_of(std::int64_t unix_seconds) {
  const chrono::sys_seconds time{chrono::seconds{unix_seconds + kMalaysia}};
  const chrono::year_month_day day{chrono::floor<chrono::days>(time)};
  return {static_cast<std::int16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

}  // namespace semak
