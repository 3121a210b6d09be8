// The parts that need no browser: identity numbers, dates, differences, both languages, the built files.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { folder, module_of, security_policy, source } from "./tools.mjs";

const mykad = await module_of("src/ui/mykad.ts");
const marks = await module_of("src/ui/marks.ts");
const form = await module_of("src/ui/form.tsx");
const language = await module_of("src/text/language.ts");
const { texts } = await module_of("src/text/texts.ts");
const today = new Date("2026-11-20T04:00:00Z");

test("moments are told in Malaysian time, whatever the clock of the reader", () => {
  assert.equal(language.today_iso(Date.parse("2026-11-20T16:00:00Z")), "2026-11-21");
  assert.match(language.moment("2026-12-31T16:05:00Z"), /^1\sJan\s2027, 00:05$/);
  assert.match(language.day("2026-11-20"), /^20\sNov\s2026$/);
});

test("a MyKad number is dashed as it is typed", () => {
  assert.equal(mykad.format_mykad("850311"), "850311");
  assert.equal(mykad.format_mykad("8503110"), "850311-0");
  assert.equal(mykad.format_mykad(" 850311 03 5228 9"), "850311-03-5228");
  assert.equal(mykad.format_mykad("８５٠٣11-03-5228"), "850311-03-5228");
});

test("a MyKad number says birth date, sex and state", () => {
  const read = mykad.read_mykad("850311-03-5228", true, today);
  assert.deepEqual([read.date, read.sex, read.place, read.place_known, read.other_century], ["1985-03-11", "F", "Kelantan", true, ""]);
});

test("the century is that of an adult where an adult is asked about, and the other one is said", () => {
  const grown = mykad.read_mykad("200229015551", true, today);
  assert.equal(grown.date, "1920-02-29");
  assert.equal(grown.other_century, "2020-02-29");
  assert.equal(mykad.read_mykad("200229015551", false, today).date, "2020-02-29");
  assert.equal(mykad.read_mykad("261121015551", true, today).date, "1926-11-21"); // tomorrow in 2026: nobody's birth date
});

test("what is odd in a number is said and never refused", () => {
  assert.equal(mykad.read_mykad("851331035228", true, today).date, "");
  assert.equal(mykad.read_mykad("850311005228", true, today).place_known, false);
  assert.equal(mykad.read_mykad("85031103522", true, today), null);
});

test("place codes agree with the engine's table", () => {
  const rows = fs.readFileSync(path.join(source, "normalize/tables/place_codes.csv"), "utf8").split("\n").filter((line) => /^\d\d,/.test(line));
  assert.ok(rows.length > 50);
  const same = { "W.P. Kuala Lumpur": "Kuala Lumpur", "W.P. Labuan": "Labuan", "W.P. Putrajaya": "Putrajaya", Penang: "Pulau Pinang", Malacca: "Melaka" };
  for (const line of rows) {
    const code = line.slice(0, 2);
    const ours = mykad.STATE_OF_PLACE[code];
    const number = Number(code);
    const domestic = (number >= 1 && number <= 16) || (number >= 21 && number <= 59);
    assert.equal(ours !== undefined, domestic, line);
    if (ours) assert.ok(line.toLowerCase().includes(ours.toLowerCase().replace(/ /g, " ")) || Object.entries(same).some(([theirs, mine]) => mine === ours && line.includes(theirs)), `${line} / ${ours}`);
  }
});

test("dates may be known to the year or the month, and must exist", () => {
  const iso = (day, month, year) => form.iso_of({ day, month, year });
  assert.equal(iso("", "", ""), "");
  assert.equal(iso("", "", "1985"), "1985");
  assert.equal(iso("", "3", "1985"), "1985-03");
  assert.equal(iso("1", "3", "1985"), "1985-03-01");
  for (const bad of [["31", "2", "1985"], ["1", "", "1985"], ["1", "13", "1985"], ["1", "3", "85"], ["1", "3", ""]]) assert.equal(iso(...bad), null, bad.join("/"));
  assert.deepEqual(form.parts_of("1985-03-01"), { day: "1", month: "3", year: "1985" });
});

test("differences: the common pieces of both sides are the same, and all of each side is there", () => {
  const cases = [["Siti Aminah", "Siti Aminoh"], ["", "abc"], ["Mohd Ali", "MUHAMMAD ALI"], ["Tan", "Tan"], ["abcabba", "cbabac"], ["王伟", "王偉"]];
  for (const [left, right] of cases) {
    const [a, b] = marks.differences(left, right);
    const whole = (pieces) => pieces.map((piece) => piece.text).join("");
    const common = (pieces) => pieces.filter((piece) => piece.same).map((piece) => piece.text).join("").toLowerCase();
    assert.equal(whole(a), left);
    assert.equal(whole(b), right);
    assert.equal(common(a), common(b));
  }
  assert.deepEqual(marks.differences("Siti", "Sita")[0], [{ text: "Sit", same: true }, { text: "i", same: false }]);
});

test("numbers of one length are compared place by place, whatever their dashes", () => {
  const [a, b] = marks.number_differences("850311-03-5228", "850311035282");
  assert.deepEqual(a.filter((piece) => !piece.same).map((piece) => piece.text), ["28"]);
  assert.deepEqual(b.filter((piece) => !piece.same).map((piece) => piece.text), ["82"]);
});

test("every text is there in both languages, with the same places to fill", () => {
  const holes = (text) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort().join();
  for (const [key, [ms, en]] of Object.entries(texts)) {
    assert.ok(ms.trim() && en.trim(), key);
    assert.equal(holes(ms), holes(en), key);
    assert.equal(ms.split("\n").length > 0, true);
  }
});

test("every code of the contract that people read has a text", () => {
  const contract = JSON.parse(fs.readFileSync(path.join(source, "tools/semakd/openapi.json"), "utf8")).components.schemas;
  const wanted = [
    ["outcome.", contract.Outcome.enum.filter((one) => one !== "refer")], ["incomplete.", contract.IncompleteReason.enum], ["standing.", contract.StandingState.enum],
    ["standing.say.", contract.StandingState.enum], ["case.state.", contract.CaseState.enum], ["case.event.", contract.CaseEvent.properties.kind.enum],
    ["verdict.", contract.Verdict.enum], ["aspect.", contract.Evidence.properties.aspect.enum], ["agreement.", contract.Evidence.properties.agreement.enum],
    ["batch.state.", contract.BatchState.enum], ["alert.", contract.Alert.properties.kind.enum], ["alert.reason.", contract.Alert.properties.reason.enum],
    ["audit.kind.", contract.AuditEntry.properties.kind.enum], ["number.", contract.NumberKind.enum], ["name_type.", contract.NameType.enum],
    ["kind.", contract.RegisterKind.enum], ["role.", contract.Role.enum], ["role.about.", contract.Role.enum], ["view.", contract.View.enum],
    ["receipt.state.", contract.ReceiptVerification.properties.state.enum], ["change.", contract.Change.properties.kind.enum],
  ];
  for (const [prefix, codes] of wanted) for (const code of codes) assert.ok(texts[prefix + code], prefix + code);
});

test("the built page has nothing inline, nothing from elsewhere, and hashed names", () => {
  const page = fs.readFileSync(path.join(folder, "dist/index.html"), "utf8");
  assert.doesNotMatch(page, /<style|style=|<script>|onclick=|https?:\/\//);
  for (const [, name] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    assert.ok(fs.existsSync(path.join(folder, "dist", name)), name);
    if (name !== "/favicon.svg") assert.match(name, /^\/assets\/.+-[A-Z0-9]{8}\.\w+$/);
  }
  const css = fs.readdirSync(path.join(folder, "dist/assets")).filter((name) => name.endsWith(".css"));
  for (const name of css) assert.doesNotMatch(fs.readFileSync(path.join(folder, "dist/assets", name), "utf8"), /https?:\/\/|@import/);
  assert.match(security_policy(source), /default-src 'none'.*script-src 'self'/);
  assert.doesNotMatch(security_policy(source), /unsafe/);
});

test("what is written is never made pale: opacity stands only where nothing is written", () => {
  for (const name of fs.readdirSync(path.join(source, "tools/console/src/styles"))) {
    const css = fs.readFileSync(path.join(source, "tools/console/src/styles", name), "utf8").replace(/@keyframes breathe \{.*\}/, "");
    assert.doesNotMatch(css, /opacity/, name);
  }
});
