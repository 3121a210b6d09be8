// Small honest charts: the axis begins at nothing, every value can be read, a table stands behind the picture.
import { useEffect, useRef, useState } from "preact/hooks";
import { count, t } from "../text/language";
import type { Tone } from "./feedback";

/** The width that the picture has, so that its writing keeps its size on a narrow screen. */
function use_width(at_most: number) {
  const box = useRef<HTMLElement>(null);
  const [width, set_width] = useState(at_most);
  useEffect(() => {
    const measure = () => set_width(Math.max(220, Math.min(at_most, box.current?.clientWidth ?? at_most)));
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  return { box, width };
}

export interface Bar { label: string; value: number; title: string }

/** Upright bars over time: the largest value and the first and last label are written, the rest is in the table. */
export function Bars({ bars, title, height = 150 }: { bars: Bar[]; title: string; height?: number }) {
  const { box, width } = use_width(760);
  const left = 34, bottom = 20, top = 16;
  const highest = Math.max(1, ...bars.map((bar) => bar.value));
  const step = (width - left) / Math.max(1, bars.length);
  const y = (value: number) => top + (height - top - bottom) * (1 - value / highest);
  const labels = bars.length <= 8 ? bars.map((_, index) => index) : [0, Math.floor(bars.length / 2), bars.length - 1];
  return (
    <figure ref={box}>
      <svg class="chart" viewBox={`0 0 ${width} ${height}`} style={{ maxWidth: `${width}px` }} aria-hidden="true" focusable="false">
        <line class="axis" x1={left} x2={width} y1={y(0)} y2={y(0)} />
        <text x={left - 6} y={y(0) + 4} text-anchor="end">0</text>
        <text x={left - 6} y={y(highest) + 4} text-anchor="end">{count(highest)}</text>
        <line class="axis" x1={left} x2={width} y1={y(highest)} y2={y(highest)} stroke-dasharray="1 5" />
        {bars.map((bar, index) => (
          <rect key={index} class="bar" x={left + index * step + step * 0.14} width={step * 0.72}
            y={y(bar.value)} height={Math.max(bar.value > 0 ? 1.5 : 0, y(0) - y(bar.value))} rx="1">
            <title>{bar.title}</title>
          </rect>))}
        {labels.map((index) => (
          <text key={index} x={left + (index + 0.5) * step} y={height - 4}
            text-anchor={bars.length <= 8 ? "middle" : index === 0 ? "start" : index === bars.length - 1 ? "end" : "middle"}>{bars[index]!.label}</text>))}
      </svg>
      <Behind bars={bars} title={title} />
    </figure>
  );
}

function Behind({ bars, title }: { bars: Bar[]; title: string }) {
  return (
    <div class="hidden-text"><table>
      <caption>{title}</caption>
      <thead><tr><th scope="col">{t("chart.what")}</th><th scope="col">{t("chart.number")}</th></tr></thead>
      <tbody>{bars.map((bar, index) => <tr key={index}><td>{bar.label}</td><td>{bar.value}</td></tr>)}</tbody>
    </table></div>
  );
}

/** Lying bars with their labels and values written out. */
export function Lines({ bars, title }: { bars: Bar[]; title: string }) {
  const highest = Math.max(1, ...bars.map((bar) => bar.value));
  const { box, width } = use_width(560);
  const row = 30, label = 130;
  return (
    <figure ref={box}>
      <svg class="chart" viewBox={`0 0 ${width} ${bars.length * row + 4}`} style={{ maxWidth: `${width}px` }} aria-hidden="true" focusable="false">
        {bars.map((bar, index) => {
          const length = (bar.value / highest) * (width - label - 50);
          return (
            <g key={index} transform={`translate(0 ${index * row})`}>
              <text x="0" y="20">{bar.label}</text>
              <rect class="bar" x={label} y="7" height="17" width={Math.max(bar.value > 0 ? 2 : 0, length)} rx="1" />
              <text x={label + length + 8} y="20">{count(bar.value)}</text>
            </g>
          );
        })}
        <line class="axis" x1={label} x2={label} y1="2" y2={bars.length * row + 2} />
      </svg>
      <Behind bars={bars} title={title} />
    </figure>
  );
}

/** Shares of a whole, each with its number beside its name. */
export function Split({ parts }: { parts: { tone: Tone; label: string; value: number }[] }) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <figure>
      <div class="split" aria-hidden="true">
        {whole > 0 && parts.filter((part) => part.value > 0).map((part) =>
          <span key={part.label} class={`tone-${part.tone}`} style={{ flexGrow: part.value }} />)}
      </div>
      <ul class="key-list">
        {parts.map((part) => <li key={part.label} class={`tone-${part.tone}`}>{part.label}<b>{count(part.value)}</b></li>)}
      </ul>
    </figure>
  );
}
