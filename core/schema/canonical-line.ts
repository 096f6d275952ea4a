/**
 * Where the stamps stand in a line that accept wrote. They come first and have one length each, so that a line's
 * identity, date and time are read without parsing it:
 *
 *     {"event_key":"32 characters","event_date":"YYYY-MM-DD","event_time":"24 characters"…
 *
 * Offsets count characters from 1, as SQL's `substr` does.
 */
export const CANONICAL_LINE = {
  event_key: { start: '{"event_key":"'.length + 1, length: 32 },
  event_date: { start: '{"event_key":"","event_date":"'.length + 32 + 1, length: 10 },
  event_time: { start: '{"event_key":"","event_date":"","event_time":"'.length + 32 + 10 + 1, length: 24 },
  /** How such a line begins, as SQL's `like` reads it: `_` stands for one character, `%` for the rest. */
  pattern: `{"event_key":"${'_'.repeat(32)}","event_date":"____-__-__","event_time":"%`,
} as const;

/** Whether accept wrote a line: its stamps stand at their places. */
export const isStamped = (line: string): boolean =>
  /^\{"event_key":".{32}","event_date":".{4}-.{2}-.{2}","event_time":"/su.test(line);
