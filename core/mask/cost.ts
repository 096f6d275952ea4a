/** The worst cost of a pattern at one position of a text, in a backtracking engine. */
export interface PatternCost {
  /** In how many ways it can match there: what follows it may be tried as often. */
  readonly ways: number;
  /** How many letters and classes are compared until all ways are tried. */
  readonly steps: number;
  /** The length of its shortest match. */
  readonly least: number;
}

/** A construct whose cost has no bound, or too high a one. */
export interface PatternRefusal {
  readonly expected: string;
  readonly came: string;
  readonly advice: string;
}

/**
 * The cost of a pattern, never less than what a backtracking engine does: alternatives add up, what stands in a row
 * multiplies, and a repetition is a row of every length it may have. `source` must be a valid regular expression. Refuses
 * what has no bound: `*`, `+`, `{n,}`, counts over `maxCount`, backreferences; and `^`, `$` and look-around, which see
 * more than the match.
 */
export function costOf(source: string, maxCount: number, lookAround = false): PatternCost | PatternRefusal {
  const reading: Reading = { source, maxCount, lookAround, at: 0, refusal: undefined };
  const cost = readAlternatives(reading);
  return reading.refusal ?? cost;
}

interface Reading {
  readonly source: string;
  readonly maxCount: number;
  readonly lookAround: boolean;
  at: number;
  refusal: PatternRefusal | undefined;
}

const ONE: PatternCost = { ways: 1, steps: 1, least: 1 };
const EMPTY: PatternCost = { ways: 1, steps: 1, least: 0 };

function readAlternatives(reading: Reading): PatternCost {
  let cost = readRow(reading);
  while (reading.source[reading.at] === '|') {
    reading.at++;
    const other = readRow(reading);
    cost = { ways: cost.ways + other.ways, steps: cost.steps + other.steps, least: Math.min(cost.least, other.least) };
  }
  return cost;
}

function readRow(reading: Reading): PatternCost {
  let row: PatternCost = { ways: 1, steps: 0, least: 0 };
  while (reading.at < reading.source.length && !'|)'.includes(reading.source.charAt(reading.at))) {
    const one = repeated(readAtom(reading), reading);
    row = { ways: row.ways * one.ways, steps: row.steps + row.ways * one.steps, least: row.least + one.least };
  }
  return row;
}

function readAtom(reading: Reading): PatternCost {
  const letter = reading.source.charAt(reading.at);
  if (letter === '(') return readGroup(reading);
  if (letter === '[') {
    reading.at = take(reading, /\[(?:[^\]\\]|\\.)*\]/suy).end;
    return ONE;
  }
  if (letter === '\\') return readEscape(reading);
  if (letter === '^' || letter === '$')
    refuse(reading, 'a pattern without anchors', `"${letter}"`, 'leave it out, or write \\b for the edge of a word');
  reading.at += (reading.source.codePointAt(reading.at) ?? 0) > 0xffff ? 2 : 1;
  return ONE;
}

function readGroup(reading: Reading): PatternCost {
  const { text, end } = take(reading, /\((?:\?(?::|<?[=!])|\?[^)]?)?/uy);
  const looksAround = /[=!]$/.test(text);
  if (text !== '(' && text !== '(?:' && !(looksAround && reading.lookAround))
    refuse(reading, 'plain groups, as in (?:ab|cd)', `"${text}"`, 'write the group without what follows its "?"');
  reading.at = end;
  const inside = readAlternatives(reading);
  reading.at++;
  // What looked around is left again, and its ways with it.
  return looksAround ? { ways: 1, steps: inside.steps, least: 0 } : inside;
}

function readEscape(reading: Reading): PatternCost {
  const { text, end } = take(reading, /\\(?:u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|p\{[^}]*\}|c.|k<[^>]*>|\d+|.)/isuy);
  if (/^\\(?:k|[1-9])/.test(text))
    refuse(reading, 'a pattern without backreferences', `"${text}"`, 'write out what it should match');
  reading.at = end;
  return /^\\b$/i.test(text) ? EMPTY : ONE;
}

function repeated(one: PatternCost, reading: Reading): PatternCost {
  const { text, end } = take(reading, /(?:[*+?]|\{\d+(?:,\d*)?\})?\??/uy);
  if (text === '') return one;
  const counts = /^\{(\d+)(,?)(\d*)\}/.exec(text);
  const least = counts ? Number(counts[1]) : text.startsWith('+') ? 1 : 0;
  const most = text.startsWith('?')
    ? 1
    : !counts
      ? Infinity
      : counts[3]
        ? Number(counts[3])
        : counts[2]
          ? Infinity
          : least;
  if (most > reading.maxCount) {
    refuse(
      reading,
      `every repetition to have a greatest count of at most ${reading.maxCount}`,
      `"${text}" at position ${reading.at}`,
      `write the counts, as in {${Math.min(least, reading.maxCount)},${Math.min(Math.max(least, 64), reading.maxCount)}}`,
    );
    reading.at = end;
    return one;
  }
  reading.at = end;
  let ways = 0;
  let steps = 0;
  // `tries` is in how many ways the repetitions so far can have matched.
  for (let count = 0, tries = 1; count <= most; count++, tries *= one.ways) {
    if (count >= least) ways += tries;
    if (count < most) steps += tries * one.steps;
  }
  return { ways, steps, least: least * one.least };
}

function take(reading: Reading, pattern: RegExp): { text: string; end: number } {
  pattern.lastIndex = reading.at;
  const text = pattern.exec(reading.source)?.[0] ?? '';
  return { text, end: reading.at + text.length };
}

const refuse = (reading: Reading, expected: string, came: string, advice: string): void => {
  reading.refusal ??= { expected, came, advice };
};
