import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { acceptLine, type LineOutcome } from '../../../core/accept/accept-line.ts';
import { maskOf } from '../../../core/mask/mask.ts';
import { settings } from './settings.ts';

const RUNS = 'clients/vectors/runs';
const CASES = readdirSync(RUNS)
  .filter((file) => file.endsWith('.ndjson'))
  .map((file) => ({ name: file, lines: readFileSync(`${RUNS}/${file}`, 'utf8').trimEnd().split('\n') }));

/** What the host gave wrong and the client passes on: a time in words, an integer that no double holds. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'coercions.ndjson': ['time_unknown:scheduled_for'],
  'counts-and-metrics.ndjson': ['coerced:metrics'],
};

const accepted = (line: string): LineOutcome =>
  acceptLine(line, line, '2026-11-03T12:00:01.000Z', { ...settings, mask: maskOf() });

describe('the ledger takes what every client sends', () => {
  it.each(CASES)('as it is, with nothing assumed and nothing more to mask: $name', ({ name, lines }) => {
    const events = lines.map(accepted).map((outcome) => ('event' in outcome ? outcome.event : outcome.rejection));

    expect([...new Set(events.flatMap((event) => ('flags' in event ? (event.flags ?? []) : [])))]).toEqual(
      FLAGS[name] ?? [],
    );
    expect(events.map((event) => ('event_id' in event ? event.event_id : event))).toEqual(
      lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id),
    );
    if (FLAGS[name] === undefined)
      expect(events.filter((event) => 'original' in event && event.original !== undefined)).toEqual([]);
  });

  it.each([
    ['coercions.ndjson', 'DONE', 'SUCCESS'],
    ['end-by-another-word.ndjson', 'Aborted by [email]', 'CANCELLED'],
  ])('with the end that its word says: %s', (file, word, status) => {
    const end = CASES.find(({ name }) => name === file)?.lines.at(-1) ?? '';

    expect(JSON.parse(end)).toMatchObject({ event_type: 'RUN_END', status: word });
    expect(accepted(end)).toMatchObject({ event: { event_type: 'RUN_END', status } });
  });

  it('with the names of the steps that a run means to take', () => {
    const [start = ''] = CASES.find(({ name }) => name === 'all-options.ndjson')?.lines ?? [];

    expect(accepted(start)).toMatchObject({ event: { planned_steps: ['extract', 'load', '3'] } });
  });
});
