import { expect, test } from 'vitest';
import { eventsOf } from '../../flows/track-object.ts';
import { anEvent } from '../factories.ts';

const content = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.map((line) => `${line}\n`).join(''));

test('lines that accept wrote are events; others are passed over', () => {
  const event = anEvent();
  const unreadable = '{"event_key":"0000000000000000000000000000000a","event_date":"2025-11-03","event_time":"cut off';
  expect(eventsOf(content(JSON.stringify(event), 'not json', '{"run_id":"1"}', unreadable))).toEqual([event]);
});

test('a line that a newer ledger wrote is an event, without the fields that are not known', () => {
  const event = anEvent();
  expect(eventsOf(content(JSON.stringify({ ...event, cost_center: 'A' })))).toEqual([event]);
});
