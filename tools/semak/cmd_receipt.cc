// semak receipt: writes a check's receipt again, or verifies one without any database.
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/office/check_view.h"
#include "engine/receipts/letter_words.h"
#include "tools/semak/json_text.h"
#include "tools/semak/office_door.h"
#include "tools/semak/output_file.h"
#include "tools/semak/session.h"
#include "tools/semak/subject_options.h"
#include "tools/semak/text_table.h"
#include "tools/semak/translation.h"
#include "tools/semak/verbs.h"

namespace semak {
namespace {

constexpr Option kOptions[] = {
    {"db", "DIR", Say::option_db},
    {"check", "ID", Say::receipt_check},
    {"out", "FILE", Say::receipt_out},
    {"issuer", "NAME", Say::receipt_issuer},
    {"verify-url", "URL", Say::receipt_verify_url},
    {"public-key", "", Say::receipt_public_key},
    {"verify", "FILE|TEXT", Say::receipt_verify},
    {"key", "HEX|FILE", Say::receipt_key},
    {"name", "NAME", Say::receipt_name},
    {"id", "NUMBER", Say::lookup_id},
    {"born", "YYYY[-MM[-DD]]", Say::lookup_born},
    {"sex", "M|F", Say::lookup_sex},
    {"as", "FILE", Say::option_as},
    {"format", "text|json", Say::option_format},
};

const LetterWords& words() { return letter_words(language() == Language::malay ? "ms" : "en"); }

std::string key_text(const PublicKey& key) { return hex({reinterpret_cast<const char*>(key.data()), key.size()}); }

bool is_letter(const std::string& path) { return path.ends_with(".html") || path.ends_with(".htm"); }

// The text itself, or what a file or standard input ("-") holds.
Result<std::string> text_or_file(const std::string& text) {
  const bool itself = text.starts_with("SEMAK1:") || text.starts_with("{");
  if (itself) return text;
  std::ifstream file;
  if (text != "-") file.open(text, std::ios::binary);
  std::istream& in = text == "-" ? std::cin : file;
  if (!in) return Error{ErrorCode::not_found, say(Say::cannot_read, text)};
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Hex; or a file with the hex alone, or with JSON that has a "public_key" (a checkpoint of the service, a backup).
Result<PublicKey> public_key_from(const std::string& option) {
  std::string text = option;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(option, ignored)) {
    SEMAK_TRY(text, text_or_file(option));
    boost::system::error_code no_json;
    const boost::json::value value = boost::json::parse(text, no_json);
    const auto* object = value.if_object();
    const auto* member = no_json || object == nullptr ? nullptr : object->if_contains("public_key");
    if (member != nullptr && member->is_string()) text = std::string(member->get_string());
  }
  text.erase(std::find_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }), text.end());
  const auto bytes = from_hex(text);
  PublicKey key{};
  if (!bytes || bytes->size() != key.size()) return Error{ErrorCode::invalid_input, say(Say::not_a_public_key)};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

// Several names or numbers of one person stand between '|'.
template <class Typed>
void split(std::vector<Typed>& values) {
  if (values.empty()) return;
  std::vector<Typed> parts;
  std::string_view rest = values.front().text;
  for (;;) {
    const std::size_t bar = rest.find('|');
    Typed& part = parts.emplace_back(values.front());
    part.text = rest.substr(0, bar);
    if (bar == std::string_view::npos) break;
    rest.remove_prefix(bar + 1);
  }
  values = std::move(parts);
}

std::string facts_text(const Receipt& receipt) {
  std::string out;
  const auto line = [&out](std::string_view heading, const std::string& text) {
    if (!text.empty()) out += fmt::format("{:<22} {}\n", heading, printable(text));
  };
  line(words().our_reference, receipt.id);
  line(words().purpose, words_for(words().purposes, receipt.purpose));
  line(words().to, receipt.tenant);
  line(words().your_reference, receipt.reference);
  line(words().searched_at, spell_date_and_time(receipt.time_ms, words()));
  line(words().registers_as_of, fmt::format(fmt::runtime(words().generation), receipt.generation));
  line(words().valid_until, receipt.valid_until_ms == 0 ? std::string(words().no_validity)
                                                        : spell_date_and_time(receipt.valid_until_ms, words()));
  line(words().policy, receipt.policy_id);
  line(words().key, receipt.key_id);
  return out;
}

std::string outcome_text(const Receipt& receipt) {
  std::string text(receipt.outcome);
  for (const OutcomeWords& one : words().outcomes)
    if (one.code == receipt.outcome) text = std::string(one.title) + ". " + std::string(one.means_not[0]);
  if (!receipt.reason.empty()) text += " (" + words_for(words().reasons, receipt.reason) + ")";
  if (!receipt.standing.empty())
    text += fmt::format("\n{}: {}", words().standing, words_for(words().standings, receipt.standing));
  return text;
}

Say verdict(ReceiptState state) {
  switch (state) {
    case ReceiptState::good: return Say::receipt_good;
    case ReceiptState::expired: return Say::receipt_expired;
    case ReceiptState::forged: return Say::receipt_forged;
    case ReceiptState::of_another_subject: return Say::receipt_other_subject;
  }
  return Say::receipt_forged;
}

int show_verdict(const Receipt& receipt, ReceiptState state, bool about_somebody, bool json) {
  if (json) {
    print(json_text(boost::json::object{{"state", to_string(state)},
                                        {"subject_compared", about_somebody},
                                        {"receipt", boost::json::parse(to_json(receipt))}}) +
          "\n");
  } else {
    std::string out = say(verdict(state)) + "\n";
    // What a forged receipt says is nobody's word.
    if (state != ReceiptState::forged) out += "\n" + outcome_text(receipt) + "\n\n" + facts_text(receipt);
    if (state == ReceiptState::good && !about_somebody) out += "\n" + say(Say::receipt_compare_person) + "\n";
    print(out);
  }
  return state == ReceiptState::good ? kDone : kDoneWithFindings;
}

int verify_one(const Arguments& arguments, bool json) {
  if (!arguments.has("key")) return misuse(arguments, {ErrorCode::invalid_input, say(Say::receipt_needs_key)});
  SEMAK_ASK(const PublicKey key, public_key_from(arguments.text("key")));
  std::optional<Subject> subject;
  if (arguments.has("name") || arguments.has("id")) {
    SEMAK_ASK(subject, subject_options(arguments));
    split(subject->names);
    split(subject->numbers);
  }
  SEMAK_DO(const std::string text, text_or_file(arguments.text("verify")));
  const auto held = parse_held_receipt(text);
  if (!held) {  // for who holds it, a torn receipt is worth as much as a forged one
    if (json)
      print(json_text(boost::json::object{{"state", "forged"}, {"message", held.error().message}}) + "\n");
    else
      print(say(Say::receipt_unreadable, in_words(held.error().message)) + "\n");
    return kDoneWithFindings;
  }
  if (subject && held->salt.empty()) return fail({ErrorCode::invalid_input, say(Say::receipt_no_salt)});
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return show_verdict(held->receipt, verify_receipt(held->receipt, key, now_ms, subject, held->salt),
                      subject.has_value(), json);
}

int write_again(const Arguments& arguments, bool json) {
  for (const char* needed : {"db", "check", "out"})
    if (!arguments.has(needed)) return misuse(arguments, {ErrorCode::invalid_input, say(Say::receipt_needs_more)});
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  SEMAK_DO(const auto check, office->casework().check(arguments.text("check")));
  if (!check) return fail({ErrorCode::not_found, say(Say::receipt_no_check)});
  AuditEvent event;
  event.kind = AuditKind::access;
  SEMAK_DO(event.actor, actor_of(*office, arguments, Role::caseworker));
  event.object = check->id;
  event.details = R"({"what":"receipt"})";
  SEMAK_DO(const std::uint64_t logged, office->desk().commit({}, {event}));
  static_cast<void>(logged);
  bar.finish();
  const HeldReceipt held{office->receipt(*check), check->salt};
  const std::string path = output_name(arguments, "out");
  const auto subject = check->erased ? std::nullopt : std::optional(check->request.subject);
  const auto policy = office->policy_of(check->policy_id);
  const bool malay = language() == Language::malay;
  const std::string title = !policy ? std::string() : malay ? policy->title_ms : policy->title_en;
  SEMAK_DO(OutputFile file, OutputFile::create(path));
  SEMAK_DO_STATUS(file.write(is_letter(path) ? receipt_letter(held.receipt, subject, words().html_language,
                                                              arguments.text("verify-url"), held.salt,
                                                              arguments.text("issuer"), title)
                                             : to_json(held) + "\n"));
  SEMAK_DO_STATUS(file.commit());
  if (path == "/dev/stdout") return kDone;
  print(json ? json_text(boost::json::object{{"check", check->id}, {"out", path}}) + "\n"
             : say(Say::check_receipt_written, path) + "\n");
  return kDone;
}

int run(const Arguments& arguments) {
  SEMAK_ASK(const std::string format, arguments.choice("format", kOutputFormats));
  if (arguments.has("verify")) return verify_one(arguments, format == "json");
  if (!arguments.has("public-key")) return write_again(arguments, format == "json");
  if (!arguments.has("db")) return misuse(arguments, {ErrorCode::invalid_input, say(Say::receipt_needs_more)});
  ProgressBar bar;
  SEMAK_DO(const auto office, open_office(arguments.text("db"), OpenMode::read_only, bar));
  print(key_text(office->keys().public_key()) + "\n");
  return kDone;
}

}  // namespace

const Verb kReceipt = {"receipt",
                       Say::receipt_summary,
                       kOptions,
                       "",
                       "semak receipt --verify receipt.json --key agency.pub --name \"Siti Aminah binti Hassan\" "
                       "--id 850311-03-5228 --born 1985-03-11 --sex F",
                       run};

}  // namespace semak
