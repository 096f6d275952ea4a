/** CSV of which every row is an event. */
export interface Csv {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A quote that nobody closes must not take the rest of the file into memory. */
const MAX_ROW_CHARS = 4 * 1024 * 1024;

/** Reads the header of CSV: its delimiter and the names of its columns. Undefined when the line is none. */
export function csvHeader(line: string): Csv | undefined {
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, names: cellsOf(line, delimiter) }));
  const best = counts.sort((a, b) => b.names.length - a.names.length)[0];
  if (best === undefined || best.names.length < 2) return undefined;
  const names = best.names.map((name) => name.trim());
  const areNames = names.every((name) => /^[\p{L}_@][\p{L}\p{N}_ .:@-]{0,63}$/u.test(name));
  return areNames && new Set(names).size === names.length ? { delimiter: best.delimiter, names } : undefined;
}

const cellsOf = (line: string, delimiter: string): readonly string[] => {
  const [row = []] = [...csvRows(delimiter).push(`${line}\n`)];
  return row;
};

/** The event of a row, as a line of JSON; an empty cell is unknown. */
export const eventOfRow = ({ names }: Csv, row: readonly string[]): string =>
  JSON.stringify(
    Object.fromEntries(
      row.flatMap((cell, index): [string, string][] =>
        cell === '' ? [] : [[names[index] ?? `column_${index + 1}`, cell]],
      ),
    ),
  );

/** Splits CSV into rows of cells, piece by piece, as RFC 4180 has it. */
export function csvRows(delimiter: string): {
  /** The rows that end in this piece. Throws when a row does not end within 4 Mi characters. */
  push(piece: string): Iterable<readonly string[]>;
  /** The last row, when no line end follows it. */
  end(): Iterable<readonly string[]>;
} {
  let row: string[] = [];
  let cell = '';
  let rowChars = 0;
  let isQuoted = false;
  /** The last character was a quote within quotes: it ends them, or is the first of two. */
  let isAtQuote = false;

  function endRow(): readonly string[] {
    const ended = [...row, cell];
    row = [];
    cell = '';
    rowChars = 0;
    return ended;
  }

  function* push(piece: string): Generator<readonly string[]> {
    for (const char of piece) {
      rowChars += 1;
      if (rowChars > MAX_ROW_CHARS) throw new Error('a quote is opened and not closed');
      if (isQuoted && !isAtQuote) {
        if (char === '"') isAtQuote = true;
        else cell += char;
      } else if (isAtQuote && char === '"') {
        cell += char;
        isAtQuote = false;
      } else {
        if (isAtQuote) isQuoted = false;
        isAtQuote = false;
        if (char === '"' && cell === '') isQuoted = true;
        else if (char === delimiter) {
          row.push(cell);
          cell = '';
        } else if (char === '\n') {
          if (row.length > 0 || cell !== '') yield endRow();
        } else if (char !== '\r') cell += char;
      }
    }
  }

  function* end(): Generator<readonly string[]> {
    if (row.length > 0 || cell !== '') yield endRow();
  }

  return { push, end };
}
