import { afterAll, expect, test } from 'vitest';
import { accepted, sentFirst, sentLast, sentLater, unfit } from '../sent-lines.ts';
import { expectToAddUp, landedEvents } from './adding-up.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { openLedger } from './ledger.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

const rejectedLines = async (): Promise<number> => {
  const [row] = await ledger.ask('select cast(count(*) as bigint) as lines from rejected_lines', {
    lines: { type: 'bigint', comment: 'bad lines' },
  });
  return row?.lines ?? 0;
};

test('rows are the distinct events sent, rejections the bad lines, whatever the dialect, order and repetition', async () => {
  const before = await rejectedLines();
  const sent = [...sentFirst, ...sentLater, ...sentLast];
  for (const lines of [sentLast, [...sentLater, ...unfit], sentFirst, sentLater]) await ledger.send(lines);
  await expectToAddUp(ledger);
  const keys = (await landedEvents(ledger)).map(({ event_key }) => event_key);
  expect(keys).toEqual(expect.arrayContaining(accepted(sent).events.map(({ event_key }) => event_key)));

  expect((await rejectedLines()) - before).toBe(unfit.length);
  const rejections = await ledger.ask('select payload from rejections', {
    payload: { type: 'varchar', comment: 'the line' },
  });
  const payloads = rejections.map(({ payload }) => payload);
  expect(payloads).toEqual(expect.arrayContaining([...unfit]));
  expect(payloads.filter((payload) => payload === 'not json')).toHaveLength(1);
});

test('runs, steps, metrics and live runs are what those events say together', () => expectToFollowFromEvents(ledger));
