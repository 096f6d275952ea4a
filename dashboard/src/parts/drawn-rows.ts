/** Which rows are drawn: those in sight and some around them. */
export interface DrawnRows {
  readonly from: number;
  readonly until: number;
  /** Height of what is not drawn above and below, in pixels. */
  readonly above: number;
  readonly below: number;
}

const AROUND = 12;
/** So many rows cost nothing. */
const SHORT = 60;

/** Of `count` rows of one height, those that a window onto them shows; of a short list, all. `top`: how far the first row is above the window's edge. */
export function drawnRows(count: number, rowHeight: number, top: number, windowHeight: number): DrawnRows {
  if (count <= SHORT) return { from: 0, until: count, above: 0, below: 0 };
  const first = Math.floor(top / rowHeight) - AROUND;
  const from = Math.max(0, Math.min(first - (first % 2), count));
  const until = Math.min(count, Math.max(from, Math.ceil((top + windowHeight) / rowHeight) + AROUND));
  return { from, until, above: from * rowHeight, below: (count - until) * rowHeight };
}
