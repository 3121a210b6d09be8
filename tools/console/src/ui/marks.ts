// Where two values differ, character by character: the pieces of each side, each marked as common or not.
export interface Piece { text: string; same: boolean }

function folded(char: string): string {
  return char.normalize("NFKC").toLowerCase();
}

/** Pieces of both sides along a longest common subsequence; letter case and width do not count as a difference. */
export function differences(left: string, right: string): [Piece[], Piece[]] {
  const a = [...left], b = [...right];
  const fa = a.map(folded), fb = b.map(folded);
  const rows = a.length + 1, columns = b.length + 1;
  const length = new Uint16Array(rows * columns);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      length[i * columns + j] = fa[i] === fb[j]
        ? length[(i + 1) * columns + j + 1]! + 1
        : Math.max(length[(i + 1) * columns + j]!, length[i * columns + j + 1]!);
  const out: [Piece[], Piece[]] = [[], []];
  const push = (side: 0 | 1, text: string, same: boolean) => {
    const last = out[side][out[side].length - 1];
    if (last && last.same === same) last.text += text;
    else out[side].push({ text, same });
  };
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && fa[i] === fb[j]) {
      push(0, a[i++]!, true);
      push(1, b[j++]!, true);
    } else if (j >= b.length || (i < a.length && length[(i + 1) * columns + j]! >= length[i * columns + j + 1]!)) {
      push(0, a[i++]!, false);
    } else {
      push(1, b[j++]!, false);
    }
  }
  return out;
}

/** As `differences`, for numbers of equal length: place by place, as a slip of the pen is. */
export function number_differences(left: string, right: string): [Piece[], Piece[]] {
  const plain = (text: string) => text.replace(/[^0-9A-Za-z]/g, "");
  if (plain(left).length !== plain(right).length) return differences(left, right);
  const mark = (text: string, other: string): Piece[] => {
    const others = [...plain(other)];
    let at = 0;
    return [...text].map((char) => /[0-9A-Za-z]/.test(char)
      ? { text: char, same: folded(char) === folded(others[at++] ?? "") } : { text: char, same: true })
      .reduce<Piece[]>((pieces, piece) => {
        const last = pieces[pieces.length - 1];
        if (last && last.same === piece.same) last.text += piece.text;
        else pieces.push({ ...piece });
        return pieces;
      }, []);
  };
  return [mark(left, right), mark(right, left)];
}
