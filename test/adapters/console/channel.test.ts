import { expect, test } from 'vitest';
import { openConsole } from '../../../adapters/console/channel.ts';
import { aNotice, channelContract } from '../../contracts/channel.contract.ts';

channelContract('the console', async () => {
  const notices: string[] = [];
  return {
    channel: openConsole((line) => {
      if (line.startsWith('[')) notices.push(line);
    }),
    broken: openConsole(() => {
      throw new Error('the pipe is closed');
    }),
    arrived: () => notices.length,
  };
});

const written = async (notice = aNotice()) => {
  const lines: string[] = [];
  await openConsole((line) => lines.push(line)).send(notice);
  return lines;
};

test('a notice is its title, its story, who answers for it, and what to type next', async () => {
  expect(
    await written(aNotice({ facts: { owner: 'team-a', runbook: 'https://wiki.example.com/a', cluster: 'c' } })),
  ).toEqual([
    '[P1] opened: customer_daily failed in prod: D201 (prod)',
    '  12:00 STEP_END load FAILED',
    '  12:01 RUN_END FAILED',
    '  runbook: https://wiki.example.com/a',
    '  owner: team-a',
    '  > runledger show run-1',
  ]);
});

test('what a producer wrote moves no cursor and adds no line of its own', async () => {
  const lines = await written(aNotice({ title: 'a\u001b[2Jb\n[P1] forged', lines: ['c\rd\u202e'], next_steps: [] }));
  expect(lines).toEqual(['[P1] opened: a\\u001b[2Jb [P1] forged (prod)', '  c d\\u202e']);
});
