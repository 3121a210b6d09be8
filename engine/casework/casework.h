// Checks, cases and decided pairs on the desk. Rules:
//  - each referral opens a case with its candidates; a candidate whose pair (subject, record content) was decided
//    before takes that verdict over; if all are, the check is answered by them and no case is opened;
//  - a pair is (fingerprint of the subject, fingerprint of the record's content): it survives re-loads and changed
//    record ids, and when either side changes it is judged anew. Only a subject with an identity number makes one:
//    of a name and a birth date nobody knows whether it is the same person who is asked about again;
//  - who reopens a case reopens every answer that took a verdict over from it;
//  - `record` needs same_person from two different people; not_same and need_more need one. A record under appeal is
//    nobody's `record` until the appeal has ended;
//  - a referral whose search would have been incomplete without its hits (Answer::reason, or a full list of hits) is
//    incomplete, never no_record, when they are rejected;
//  - a case changes only under its version; nothing is deleted, subjects are erased by retention alone.
// Everything that touches a subject is sealed at rest.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/casework/case.h"
#include "engine/casework/check.h"
#include "engine/desk/desk.h"
#include "engine/policy.h"
#include "engine/result.h"

namespace semak {

struct CheckFilter {
  std::string tenant;  // empty: all
  std::string before;  // id of the last one of the page before; newest first
  std::size_t checks_max = 50;
  std::optional<Outcome> outcome;
  std::string purpose, batch_id, reference;  // empty: any
  std::int64_t from_ms = 0, to_ms = 0;       // 0: open
};

struct CaseFilter {
  bool closed = false;
  std::string assignee, tenant, purpose;  // empty: any
  std::string text;                       // in reference or id
  std::string after;                      // cursor: id of the last one of the page before
  std::size_t cases_max = 50;             // open ones by priority then age
};

struct CaseCounts {
  std::uint64_t open = 0, awaiting_second = 0, needs_more = 0, overdue = 0;
  std::int64_t oldest_ms = 0;
};

// What a register says of a record by now.
struct RecordNow {
  bool answerable = true;  // neither withdrawn nor quashed
  bool under_appeal = false;
  RevisionId revision;
  std::string content;  // Hit::content; of one that is not answerable: empty
  std::string reason;   // of one that is not: "withdrawn" or "quashed"
  bool withdrawn() const { return !answerable && reason == "withdrawn"; }
};

class Casework {
 public:
  explicit Casework(Desk& desk);
  ~Casework();

  // Judges what the answer makes of this subject: applies decided pairs, sets outcome, opens cases; then makes checks
  // and cases durable together with `events` and their own audit events in one commit. Fills id (unless given), case
  // id, times, mark, salt, commitment, audit_sequence. A check whose given id is there already is replaced by the one
  // that is there: a repeated batch row is not checked twice. `policies`: one for each check, or one for all.
  Status add(std::span<Check> checks, std::span<const Policy> policies, std::vector<AuditEvent> events = {});
  // The same for one check that has no id yet, without waiting for the disk: `done` gets it when it is durable, on the
  // desk's own thread (or at once what cannot be made), and only passes it on.
  void add_later(Check check, const Policy& policy, std::function<void(Result<Check>)> done);

  // What is read below is unavailable once the chain could not be written.
  Result<std::optional<Check>> check(std::string_view id) const;
  Result<std::vector<Check>> checks(const CheckFilter& filter) const;
  // Checks of this subject, newest first (same mark).
  Result<std::vector<Check>> checks_of(const Subject& subject) const;
  // Those, and checks of a subject with one of the same identity numbers, whatever the name: for access requests.
  Result<std::vector<Check>> checks_about(const Subject& subject) const;
  // Past checks whose answer named this record, at any revision.
  Result<std::vector<std::string>> checks_naming(std::string_view register_name, std::string_view record_id) const;
  bool any_check_names(std::string_view register_name) const;  // false: nothing can follow from its changes

  Result<std::optional<Case>> find_case(std::string_view id) const;
  Result<std::vector<Case>> queue(const CaseFilter& filter) const;
  Result<CaseCounts> counts() const;

  // Errors of all: not_found; invalid_input (missing reason, candidate out of range or decided, closed case);
  // permission (role, or the same person twice); busy (`version` is not the case's: read it again).
  Result<Case> assign(const Actor& actor, std::string_view id, std::uint64_t version, std::string assignee);
  // By caseworkers, registrars and admins, and by submitters on cases of their own tenant.
  Result<Case> note(const Actor& actor, std::string_view id, std::uint64_t version, std::string text);
  // same_person proposes, or, by another person, confirms; anything else by another person rejects a proposal.
  Result<Case> decide(const Actor& actor, std::string_view id, std::uint64_t version, int candidate, Verdict verdict,
                      std::string reason);
  // Opens a decided case, or decided candidates of an open one, anew; their pairs count no longer.
  Result<Case> reopen(const Actor& actor, std::string_view id, std::uint64_t version, std::string reason);

  // What a process that died while reopening left to do.
  Status take_up(const Actor& actor);

  // The hit that this check's subject has in the changed record by now; nothing: it no longer matches. Of a withdrawn
  // record: the hit in the record that the register has in its place (re-loads change ids), if it has one.
  using Rejudge = std::function<Result<std::optional<Hit>>(const Check&)>;
  // A record was quashed, withdrawn, corrected, restored, or an appeal began or ended. Of the checks that named it:
  // those that rested on it turn to what is left without it (quashed, withdrawn, no longer matching), those decided on
  // other content go back to refer and their candidate is judged anew; a confirmed record becomes `record` when its
  // appeal has ended. Repeating a call changes nothing. Returns the ids of the checks whose outcome changed.
  Result<std::vector<std::string>> record_changed(const Actor& actor, std::string_view register_name,
                                                  std::string_view record_id, const RecordNow& now,
                                                  const Rejudge& rejudge = {});

  // Erases subjects of checks and cases past their policy's retention; ids, outcomes, hashes and chain stay. Those
  // with an open case wait for its end.
  Result<std::uint64_t> erase_expired(const Actor& actor, std::int64_t now_ms);
  // On request, or because the policy's basis fell away. not_found, or invalid_input while its case is open.
  Status erase(const Actor& actor, std::string_view check_id, std::string reason);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Blind fingerprint of a subject's identity (names, numbers, birth date, sex; not purpose or reference), before
// marking.
std::string subject_fingerprint(const Subject& subject);

}  // namespace semak
