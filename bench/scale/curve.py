#!/usr/bin/env python3
"""curve.py OUT.svg RESULT.json...: how look-ups, loads and memory grow with the register (results of measure.py)."""

import json
import math
import sys

KINDS = {"names": ("#1b5e9b", "names only"), "hard": ("#b3541e", "common names only"),
         "mistyped": ("#7a3b8f", "mistype-rich register"), "name_and_mykad": ("#2e7d4f", "name and MyKad"),
         "strangers": ("#6b6b6b", "people in no register")}
WIDTH, HEIGHT = 460, 340
LEFT, RIGHT, TOP, BOTTOM = 62, 140, 46, 44


def text(x, y, words, anchor="start", size=12, colour="#222", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{words}</text>')


def spread(wanted, least=14):
    """Places for labels near `wanted` that do not overlap."""
    placed = {}
    last = -math.inf
    for key in sorted(wanted, key=wanted.get):
        last = placed[key] = max(wanted[key], last + least)
    return placed


def people(count):
    return f"{count // 1_000_000}M" if count >= 1_000_000 else f"{count // 1000}k"


class Panel:
    """Both axes logarithmic. `lines`: {name: (colour, label, [(people, value)])}"""

    def __init__(self, left, title, unit, lines, style=""):
        self.left, self.title, self.unit, self.lines, self.style = left, title, unit, lines, style
        points = [point for _, _, each in lines.values() for point in each]
        self.x0, self.x1 = (math.log10(f(x for x, _ in points)) for f in (min, max))
        self.y0 = math.floor(math.log10(min(y for _, y in points)) * 2) / 2
        self.y1 = math.ceil(math.log10(max(y for _, y in points)) * 2) / 2
        if self.x0 == self.x1:
            self.x0, self.x1 = self.x0 - 0.5, self.x1 + 0.5

    def x(self, value):
        share = (math.log10(value) - self.x0) / (self.x1 - self.x0)
        return self.left + LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        share = (math.log10(value) - self.y0) / (self.y1 - self.y0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def svg(self):
        right = self.left + WIDTH - RIGHT
        out = [text(self.left + LEFT, 22, self.title, weight="bold", size=13),
               text(self.left + LEFT, 38, self.unit, size=11, colour="#555")]
        for power in range(math.floor(self.y0) - 1, math.ceil(self.y1) + 1):
            for factor in (1, 2, 5):
                value = factor * 10.0 ** power
                if not self.y0 - 1e-9 <= math.log10(value) <= self.y1 + 1e-9:
                    continue
                y = self.y(value)
                out.append(f'<line x1="{self.left + LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
                out.append(text(self.left + LEFT - 6, y + 4, f"{value:,g}", "end", 11, "#555"))
        for count in sorted({x for _, _, each in self.lines.values() for x, _ in each}):
            out.append(text(self.x(count), HEIGHT - BOTTOM + 18, people(count), "middle", 11, "#555"))
        out.append(text((self.left + LEFT + right) / 2, HEIGHT - 8, "people in the register", "middle", 11, "#555"))
        labels = spread({name: self.y(each[-1][1]) for name, (_, _, each) in self.lines.items()})
        for name, (colour, label, each) in self.lines.items():
            way = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in each)
            out.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
            out += [f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="3.2" fill="{colour}"/>' for x, y in each]
            out.append(text(right + 8, labels[name] + 4, label, size=11, colour=colour))
        return "\n".join(out)


def look_up(results, figure):
    lines = {}
    for kind, (colour, label) in KINDS.items():
        points = [(each["people"], each["look_up"][kind]["processor"][figure]) for each in results
                  if kind in each["look_up"]]
        if points:
            lines[kind] = (colour, label, points)
    return lines


def main():
    results = sorted((json.load(open(path, encoding="utf-8")) for path in sys.argv[2:]), key=lambda each: each["people"])
    panels = [
        Panel(0, "Look-up, median", "processor microseconds, one thread", look_up(results, "p50_us")),
        Panel(WIDTH, "Look-up, 99th percentile", "processor microseconds, one thread", look_up(results, "p99_us")),
        Panel(2 * WIDTH, "Load: CSV to published index", "seconds",
              {"wall": ("#1b5e9b", "wall, two cores", [(each["people"], each["load"]["seconds"]) for each in results]),
               "cpu": ("#b3541e", "processor", [(each["people"], each["load"]["cpu_seconds"]) for each in results])})]
    body = "\n".join(panel.svg() for panel in panels)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{3 * WIDTH}" height="{HEIGHT}" '
                   f'viewBox="0 0 {3 * WIDTH} {HEIGHT}" font-family="sans-serif">\n'
                   f'<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')


if __name__ == "__main__":
    main()
