import { expect, test } from 'vitest';
import { explain, type RejectionReason, rejectedLine } from '../../../core/accept/rejection.ts';

test.each<readonly [RejectionReason, string]>([
  [
    { kind: 'not_json', detail: 'syntax error at position 3' },
    "expected one JSON object per line, but the line is not JSON (syntax error at position 3); fix the producer's encoding and send the line again",
  ],
  [
    { kind: 'not_an_object', found: 'an array' },
    'expected a JSON object, but got an array; send one event object per line',
  ],
  [
    { kind: 'missing_identity', missing: ['process_name', 'run_id'] },
    'expected a process_name (or pipeline_name) and a run_id, but process_name and run_id are missing; every event needs both',
  ],
  [
    { kind: 'says_nothing', event_type: null, status: 'PURPLE' },
    'expected an event_type or a status that says what happened, but got event_type none and status "PURPLE"; send one of the documented words',
  ],
  [
    { kind: 'too_large', size_bytes: 9, limit_bytes: 5 },
    'expected a line of at most 5 bytes, but got 9; keep large payloads in a file and send its path',
  ],
])('%j says what was expected, what came and what to do', (reason, text) => {
  expect(explain(reason)).toBe(text);
});

test('a word as long as a book is told by its first 80 characters', () => {
  expect(explain({ kind: 'says_nothing', event_type: null, status: 'x'.repeat(1000) })).toContain(
    `status "${'x'.repeat(80)}";`,
  );
});

test('a rejection lands as one line that its view can read', () => {
  const line = rejectedLine({
    rejection_key: 'k',
    received_at: '2025-11-03T12:00:00.000Z',
    reason: { kind: 'not_an_object', found: 'null' },
    payload: 'two\nlines',
  });
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    rejection_key: 'k',
    received_at: '2025-11-03T12:00:00.000Z',
    kind: 'not_an_object',
    explanation: 'expected a JSON object, but got null; send one event object per line',
    payload: 'two\nlines',
  });
});
