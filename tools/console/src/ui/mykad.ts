// What a 12-digit identity number (MyKad, MyKid, MyPR, MyKAS) says: YYMMDD-PB-###G. It has no check digit, so what is
// odd is said and never refused.
export type NumberKind =
  | "mykad" | "old_ic" | "passport" | "police" | "army" | "unhcr" | "birth_certificate" | "other";
export const NUMBER_KINDS: NumberKind[] =
  ["mykad", "passport", "old_ic", "police", "army", "unhcr", "birth_certificate", "other"];

export interface MyKad {
  digits: string;
  date: string; // ISO; "" if the first six digits are no date
  other_century: string; // the other reading of the year where both are a living person's; else ""
  sex: "M" | "F";
  place: string; // state of birth, "" if abroad or unknown
  place_known: boolean; // whether the code was ever assigned
}

// Malaysian states by place code (JPN). tests/console compares them with normalize/tables/place_codes.csv.
const STATES: Record<string, string> = {};
const state = (name: string, codes: string) => codes.split(" ").forEach((code) => (STATES[code] = name));
state("Johor", "01 21 22 23 24");
state("Kedah", "02 25 26 27");
state("Kelantan", "03 28 29");
state("Melaka", "04 30");
state("Negeri Sembilan", "05 31 59");
state("Pahang", "06 32 33");
state("Pulau Pinang", "07 34 35");
state("Perak", "08 36 37 38 39");
state("Perlis", "09 40");
state("Selangor", "10 41 42 43 44");
state("Terengganu", "11 45 46");
state("Sabah", "12 47 48 49");
state("Sarawak", "13 50 51 52 53");
state("Kuala Lumpur", "14 54 55 56 57");
state("Labuan", "15 58");
state("Putrajaya", "16");
export const STATE_OF_PLACE: Readonly<Record<string, string>> = STATES;
export const MALAYSIAN_STATES = [...new Set(Object.values(STATES))].sort();

const UNASSIGNED = new Set(["00", "17", "18", "19", "20", "69", "70", "73", "80", "81", "94", "95", "96", "97"]);

/** Digits only, at most twelve; full-width and Arabic-Indic digits become ASCII. */
export function digits_of(text: string): string {
  return text.normalize("NFKC").replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/\D/g, "").slice(0, 12);
}

/** As it is printed on the card, as far as typed: "850311", "850311-03", "850311-03-5228". */
export function format_mykad(text: string): string {
  const digits = digits_of(text);
  return [digits.slice(0, 6), digits.slice(6, 8), digits.slice(8)].filter(Boolean).join("-");
}

function real_date(year: number, month: number, date: number): boolean {
  const made = new Date(Date.UTC(year, month - 1, date));
  return made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === date;
}

const iso = (year: number, mm: string, dd: string) => `${year}-${mm}-${dd}`;

/**
 * Null while there are fewer than twelve digits. `adult`: whose subject works or cares, so that of two readings of the
 * year the one of an adult is taken.
 */
export function read_mykad(text: string, adult: boolean, today = new Date()): MyKad | null {
  const digits = digits_of(text);
  if (digits.length !== 12) return null;
  const [yy, mm, dd, place] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6), digits.slice(6, 8)];
  const this_year = today.getFullYear();
  const readings = [2000 + Number(yy), 1900 + Number(yy)]
    .filter((year) => year <= this_year && real_date(year, Number(mm), Number(dd)))
    .filter((year) => iso(year, mm, dd) <= today.toISOString().slice(0, 10))
    .filter((year) => this_year - year <= 110);
  const likely = adult ? readings.find((year) => this_year - year >= 16) ?? readings[0] : readings[0];
  const other = readings.find((year) => year !== likely);
  return {
    digits,
    date: likely === undefined ? "" : iso(likely, mm, dd),
    other_century: other === undefined ? "" : iso(other, mm, dd),
    sex: Number(digits[11]) % 2 === 1 ? "M" : "F",
    place: STATES[place] ?? "",
    place_known: !UNASSIGNED.has(place),
  };
}
