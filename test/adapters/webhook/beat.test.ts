import { expect, test } from 'vitest';
import { sendBeat } from '../../../adapters/webhook/beat.ts';
import { answered, aReceiver } from './receiver.ts';

test('a sign of life is one request to the monitor', async () => {
  const receiver = await aReceiver();
  await sendBeat(`${receiver.url}/ping/secret`);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/ping/secret']);
});

test.each([
  [500, 'answered 500'],
  [302, 'answered 302'],
])('one that is answered with %d was not taken, and the address is not told', async (status, said) => {
  const receiver = await aReceiver(answered(status, '', { location: 'http://127.0.0.1:9/elsewhere' }));
  const failure = await sendBeat(`${receiver.url}/ping/secret`).catch((error: Error) => error.message);
  expect(failure).toContain(said);
  expect(failure).not.toContain('secret');
});

test('an address that is none, or where nobody listens, is an error that does not tell it', async () => {
  for (const address of ['secret', 'file:///secret', 'http://127.0.0.1:9/secret'])
    expect(await sendBeat(address).catch((error: Error) => error.message)).toMatch(/^expected .*monitor(?!.*secret)/);
});
