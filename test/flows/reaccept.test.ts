import { describe, expect, test } from 'vitest';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { reacceptLines } from '../../flows/reaccept.ts';
import { anEvent } from '../factories.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/odd.ndjson';
const stamped = JSON.stringify(anEvent({ event_key: 'k'.repeat(32) }));

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
