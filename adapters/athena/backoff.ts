/** A pause of random length below a ceiling that doubles with each turn: whoever collided, parts. */
export const backoffMs = (turn: number, firstMs: number, longestMs: number, random: () => number): number =>
  Math.round(Math.min(longestMs, firstMs * 2 ** turn) * (0.5 + random() / 2));
