import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { isStamped, reacceptLines } from '../../flows/reaccept.ts';
import { anEvent } from '../factories.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/odd.ndjson';
const stamped = JSON.stringify(anEvent({ event_key: 'k'.repeat(32) }));

describe('a line is accept’s', () => {
  test('when its three stamps stand first, at fixed places', () => {
    expect(isStamped(stamped)).toBe(true);
    expect(isStamped(JSON.stringify(anEvent({ message: 'two\nlines' })))).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['the key alone', `{"event_key":"${'k'.repeat(32)}","run_id":"1"}`],
    ['the key and the date', `{"event_key":"${'k'.repeat(32)}","event_date":"2025-11-03","run_id":"1"}`],
    ['a key too short', stamped.replace('kk', 'k')],
    ['a key too long', stamped.replace('kk', 'kkk')],
    ['a date that is none', stamped.replace('2025-11-03', '2025-11-3')],
    ['the stamps, with something before them', ` ${stamped}`],
    ['the stamps in another order', `{"event_date":"2025-11-03",${stamped.slice(1)}`],
  ])('and not with %s', (_, line) => {
    expect(isStamped(line)).toBe(false);
  });
});

describe('lines that accept did not write', () => {
  function aLedger(content: string) {
    const sent: string[][] = [];
    const store = { get: async () => Buffer.from(content) } as unknown as ObjectStore;
    const sink = {
      send: async (records: readonly Uint8Array[]) => {
        sent.push(records.flatMap((record) => Buffer.from(record).toString().split('\n')));
        return { received: 0, accepted: 0, rejected: 0 };
      },
    };
    return { sent, reaccept: () => reacceptLines(store, sink, OBJECT) };
  }

  test('are sent through it, and counted; the others and blank ones are not', async () => {
    const { sent, reaccept } = aLedger(`{"run_id":"1"}\n${stamped}\n \n\n{"run_id":"2"}`);
    expect(await reaccept()).toBe(2);
    expect(sent).toEqual([['{"run_id":"1"}', '{"run_id":"2"}']]);
  });

  test('are sent a thousand at a time, each once', async () => {
    const lines = Array.from({ length: 2001 }, (_, at) => `{"run_id":"${at}"}`);
    const { sent, reaccept } = aLedger(lines.join('\n'));
    expect(await reaccept()).toBe(2001);
    expect(sent.map(({ length }) => length)).toEqual([1000, 1000, 1]);
    expect(sent.flat()).toEqual(lines);
  });

  test('are none of an object that accept wrote: nothing is sent', async () => {
    const { sent, reaccept } = aLedger(`${stamped}\n`);
    expect(await reaccept()).toBe(0);
    expect(sent).toEqual([]);
  });
});
