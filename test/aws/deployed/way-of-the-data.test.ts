import { afterAll, expect, test } from 'vitest';
import { accepted, sentFirst, sentLast, sentLater, unfit } from '../sent-lines.ts';
import { expectToAddUp, landedEvents } from './adding-up.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { openLedger } from './ledger.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

test('rows are the distinct events sent, rejections the bad lines, whatever the dialect, order and repetition', async () => {
  const sent = [...sentFirst, ...sentLater, ...sentLast];
  for (const lines of [sentLast, [...sentLater, ...unfit], sentFirst, sentLater]) await ledger.send(lines);
  await expectToAddUp(ledger);
  const keys = (await landedEvents(ledger)).map(({ event_key }) => event_key).sort();
  expect(keys).toEqual([...new Set(accepted(sent).events.map(({ event_key }) => event_key))].sort());
  const [count] = await ledger.ask('select cast(count(*) as bigint) as lines from rejected_lines', {
    lines: { type: 'bigint', comment: 'bad lines' },
  });
  expect(count).toEqual({ lines: unfit.length });
  const rejections = await ledger.ask('select payload from rejections', {
    payload: { type: 'varchar', comment: 'the line' },
  });
  expect(rejections.map(({ payload }) => payload).sort()).toEqual([...new Set(unfit)].sort());
});

test('runs, steps, metrics and live runs are what those events say together', () => expectToFollowFromEvents(ledger));
