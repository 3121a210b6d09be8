// Subject and record side by side, and what each agreement weighs. Colour is never alone: what differs is marked and
// underlined, and every weight is written out.
import type { Evidence, Hit, Person, SubjectOut } from "../../generated/contract";
import { partial_date, t, t_code } from "../text/language";
import { format_mykad } from "./mykad";
import { differences, number_differences, type Piece } from "./marks";

const Pieces = ({ pieces }: { pieces: Piece[] }) =>
  <>{pieces.map((piece, index) => piece.same ? <span key={index}>{piece.text}</span> : <mark key={index}>{piece.text}</mark>)}</>;

const NOTHING = () => <span class="value value-none">{t("compare.nothing")}</span>;

export const bits = (centibits: number): string => `${centibits > 0 ? "+" : centibits < 0 ? "−" : ""}${(Math.abs(centibits) / 100).toFixed(1)}`;

/** "97%", "0.3%", "< 0.01%": never 100% and never 0%, since neither is ever known. */
export function percent(basis_points: number): string {
  if (basis_points <= 0) return "< 0.01%";
  if (basis_points >= 9999) return "> 99.9%";
  return basis_points < 100 ? `${(basis_points / 100).toFixed(2)}%` : basis_points < 1000
    ? `${(basis_points / 100).toFixed(1)}%` : `${Math.min(99.9, basis_points / 100).toFixed(basis_points > 9900 ? 1 : 0)}%`;
}

export function Likelihood({ hit }: { hit: Hit }) {
  return (
    <div class="likelihood">
      <div>
        <div class="big-number">{percent(hit.probability_bp)}</div>
        <div class="figure-label">{t("compare.probability")}</div>
      </div>
      <div>
        <div class="big-number">{bits(hit.score_centibits)}</div>
        <div class="figure-label">{t("compare.bits_total")}</div>
      </div>
      <p class="small soft grow">{t("compare.never_proof")}</p>
    </div>
  );
}

/** As people write it: "11 Mac 1985", "850311-03-5228", "Perempuan". */
function written(aspect: Evidence["aspect"], value: string): string {
  if (aspect === "birth_date" && /^\d{4}(-\d\d){0,2}$/.test(value)) return partial_date(value);
  if (aspect === "number" && /^\d{12}$/.test(value)) return format_mykad(value);
  if (aspect === "sex" && (value === "M" || value === "F")) return t(`sex.${value}`);
  return value;
}

function sides(given: Evidence): [Piece[], Piece[]] {
  const line = { ...given, subject_value: written(given.aspect, given.subject_value), record_value: written(given.aspect, given.record_value) };
  const whole = (same: boolean): [Piece[], Piece[]] =>
    [[{ text: line.subject_value, same }], [{ text: line.record_value, same }]];
  if (!line.subject_value || !line.record_value) return whole(line.agreement !== "different" && line.agreement !== "missing");
  if (line.agreement === "equal" || line.agreement === "other_script") return whole(true);
  if (line.aspect === "number") return number_differences(line.subject_value, line.record_value);
  if (line.agreement === "different" && line.aspect !== "name_part") return whole(false);
  return differences(line.subject_value, line.record_value);
}

export function EvidenceTable({ evidence }: { evidence: Evidence[] }) {
  const scale = Math.max(800, ...evidence.map((line) => Math.abs(line.weight_centibits)));
  const value = (pieces: Piece[], aspect: string) => pieces.every((piece) => piece.text === "") ? <NOTHING /> : <span class={/^(name|father|alias)/.test(aspect) ? "value value-name" : "value"} dir="auto"><Pieces pieces={pieces} /></span>;
  return (
    <table class="compare">
      <caption class="hidden-text">{t("compare.evidence")}</caption>
      <thead>
        <tr>
          <th scope="col" class="c-aspect">{t("compare.aspect")}</th>
          <th scope="col">{t("compare.subject")}</th>
          <th scope="col">{t("compare.record")}</th>
          <th scope="col" class="c-weight">{t("compare.weight")}</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map((line, index) => {
          const [left, right] = sides(line);
          const share = Math.min(100, (Math.abs(line.weight_centibits) / scale) * 100);
          return (
            <tr key={index}>
              <th scope="row">{t_code("aspect.", line.aspect)}<br /><span class="agreement">{t_code("agreement.", line.agreement)}</span></th>
              <td data-label={t("compare.subject")}>{value(left, line.aspect)}</td>
              <td data-label={t("compare.record")}>{value(right, line.aspect)}</td>
              <td class="weight-cell">
                <div class="bits" aria-hidden="true">
                  <span class={line.weight_centibits < 0 ? "against" : "for"} style={{ width: `${share}%` }} />
                </div>
                <span class="bits-text">
                  <b>{bits(line.weight_centibits)}</b> {line.weight_centibits < 0 ? t("compare.against") : line.weight_centibits > 0 ? t("compare.for") : t("compare.neither")}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const names_of = (subject: SubjectOut) =>
  [...(subject.name ? [{ type: "registered" as const, text: subject.name }] : []), ...(subject.names ?? [])];
const numbers_of = (subject: SubjectOut) =>
  [...(subject.id_number ? [{ kind: "unknown" as const, text: subject.id_number }] : []), ...(subject.id_numbers ?? [])];

/** The one of `others` that shares most characters with `text`. */
function nearest(text: string, others: string[], by = differences): string | undefined {
  const shared = (other: string) => by(text, other)[0].filter((piece) => piece.same).reduce((sum, piece) => sum + piece.text.length, 0) /
    Math.max(text.length, other.length, 1);
  return others.map((other) => [shared(other), other] as const).sort((a, b) => b[0] - a[0]).find(([share]) => share > 0.4)?.[1];
}

function Values({ mine, other, by, id }: {
  mine: { text: string; label: string }[]; other: string[]; by: typeof differences; id?: boolean }) {
  if (mine.length === 0) return <NOTHING />;
  return (
    <>
      {mine.map(({ text, label }, index) => {
        const match = nearest(text, other, by);
        return (
          <div key={index}>
            <span class={id ? "value id" : "value"} dir="auto">{match === undefined ? text : <Pieces pieces={by(text, match)[0]} />}</span>
            {label && <span class="small soft"> {label}</span>}
          </div>
        );
      })}
    </>
  );
}

/** Who was asked about and who the record is about, line by line. */
export function PersonCompare({ subject, person }: { subject: SubjectOut; person: Person }) {
  const left_names = names_of(subject).map((name) => ({ text: name.text, label: name.type && name.type !== "registered" ? t_code("name_type.", name.type) : "" }));
  const right_names = person.names.map((name) => ({ text: name.text, label: name.type && name.type !== "registered" ? t_code("name_type.", name.type) : "" }));
  const left_numbers = numbers_of(subject).map((number) => ({ text: number.text, label: number.kind && number.kind !== "unknown" && number.kind !== "mykad" ? t_code("number.", number.kind) : "" }));
  const right_numbers = person.numbers.map((number) => ({ text: number.text, label: number.kind && number.kind !== "unknown" && number.kind !== "mykad" ? t_code("number.", number.kind) : "" }));
  const texts = (values: { text: string }[]) => values.map((value) => value.text);
  const plain = (label: string, a: string | undefined, b: string | undefined) => (
    <tr key={label}>
      <th scope="row">{label}</th>
      <td data-label={t("compare.subject")}>{a ? <span class="value">{a}</span> : <NOTHING />}</td>
      <td data-label={t("compare.record")}>
        {b ? <span class="value">{a && a.toLowerCase() !== b.toLowerCase() ? <mark>{b}</mark> : b}</span> : <NOTHING />}
      </td>
    </tr>
  );
  const sex = (value: string | undefined) => value === "M" || value === "F" ? t(value === "M" ? "sex.M" : "sex.F") : "";
  return (
    <table class="compare">
      <caption class="hidden-text">{t("compare.persons")}</caption>
      <thead>
        <tr>
          <th scope="col" class="c-aspect"><span class="hidden-text">{t("compare.aspect")}</span></th>
          <th scope="col">{t("compare.subject")}</th>
          <th scope="col">{t("compare.record")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t("form.name")}</th>
          <td data-label={t("compare.subject")}><Values mine={left_names} other={texts(right_names)} by={differences} /></td>
          <td data-label={t("compare.record")}><Values mine={right_names} other={texts(left_names)} by={differences} /></td>
        </tr>
        <tr>
          <th scope="row">{t("form.number")}</th>
          <td data-label={t("compare.subject")}><Values mine={left_numbers} other={texts(right_numbers)} by={number_differences} id /></td>
          <td data-label={t("compare.record")}><Values mine={right_numbers} other={texts(left_numbers)} by={number_differences} id /></td>
        </tr>
        {plain(t("form.born"), subject.date_of_birth && partial_date(subject.date_of_birth), person.date_of_birth && partial_date(person.date_of_birth))}
        {plain(t("form.sex"), sex(subject.sex), sex(person.sex))}
        {plain(t("form.state"), subject.state, person.state)}
        {person.nationality ? plain(t("form.nationality"), "", person.nationality) : null}
      </tbody>
    </table>
  );
}
