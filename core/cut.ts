/*
 * How a text is cut to the room that a channel or a store has for it. What was cut is marked.
 */

const ELLIPSIS = '…';

/** At most `maxLength` UTF-16 units, with a mark where it was cut; never half a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = text.slice(0, maxLength - ELLIPSIS.length);
  return `${kept.isWellFormed() ? kept : kept.slice(0, -1)}${ELLIPSIS}`;
}

/** As many lines as fit with their newlines, then how many more there are. The first is cut rather than left out. */
export function cutLines(lines: readonly string[], maxLength: number): readonly string[] {
  if (lengthOf(lines) <= maxLength) return lines;
  const room = maxLength - more(lines.length).length;
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) break;
    kept.push(line);
  }
  const [first] = lines;
  if (kept.length === 0 && first !== undefined) kept.push(cutText(first, Math.max(1, room - 1)));
  return kept.length === lines.length ? kept : [...kept, more(lines.length - kept.length)];
}

const more = (count: number): string => `${ELLIPSIS} ${count} more`;

const lengthOf = (lines: readonly string[]): number => lines.reduce((length, line) => length + line.length + 1, 0) - 1;

/** One line without control characters. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
