import { describe, expect, test } from 'vitest';
import { aNotice } from '../../contracts/channel.contract.ts';
import { KEY, opened, PATH_SECRET, SIGNING_SECRET } from './opened.ts';
import { type Answer, answered, aReceiver, aSocket } from './receiver.ts';

const FORMS = ['webhook', 'slack', 'teams', 'pagerduty'] as const;

/** Fails until a try, which is taken. */
const until =
  (tries: number, failing: Answer): Answer =>
  (response, each, request) =>
    each < tries ? failing(response, each, request) : answered(200, 'ok')(response, each, request);

async function sentTo(answer: Answer) {
  const receiver = await aReceiver(answer);
  const { channel, pauses } = opened('webhook', `${receiver.url}${PATH_SECRET}`);
  return { delivery: await channel.send(aNotice()), pauses, received: receiver.received };
}

describe('a receiver that is away for a moment', () => {
  test.each([500, 502, 503, 429, 408])('and answers %i is asked again, with the same id and body', async (status) => {
    const { delivery, pauses, received } = await sentTo(until(3, answered(status)));
    expect(delivery).toMatchObject({ delivered: true });
    expect(pauses).toEqual([500, 1000]);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test('is left after three tries; the notice stays to be sent', async () => {
    const { delivery, received } = await sentTo(answered(500, 'out of order'));
    expect(received).toHaveLength(3);
    expect(delivery).toEqual({
      channel: 'webhook',
      delivered: false,
      why: 'Expected the address in env:URL to take the notice, got status 500 (out of order). It is tried again.',
    });
  });

  test('is waited for as long as it says, in seconds or until a date', async () => {
    expect((await sentTo(until(2, answered(429, '', { 'retry-after': '3' })))).pauses).toEqual([3000]);
    const date = { 'retry-after': 'Mon, 03 Nov 2025 12:02:04 GMT' };
    expect((await sentTo(until(2, answered(503, '', date)))).pauses).toEqual([4000]);
    expect((await sentTo(until(2, answered(503, '', { 'retry-after': 'soon' })))).pauses).toEqual([500]);
  });

  test('is not waited for when it says minutes', async () => {
    const { delivery, pauses, received } = await sentTo(answered(429, '', { 'retry-after': '120' }));
    expect([received.length, pauses]).toEqual([1, []]);
    expect(delivery).toMatchObject({ delivered: false, why: expect.stringContaining('got status 429.') });
  });
});

describe('a receiver that will not take it', () => {
  test.each([
    [400, 'Check that it takes such notices.'],
    [401, 'Check the secret in its address or key.'],
    [403, 'Check the secret in its address or key.'],
    [404, 'Check its address: nobody takes notices there any more.'],
    [410, 'Check its address: nobody takes notices there any more.'],
  ])('and answers %i is asked once, and it is said what to do', async (status, advice) => {
    const { delivery, received } = await sentTo(answered(status));
    expect(received).toHaveLength(1);
    expect(delivery).toMatchObject({ why: expect.stringContaining(`got status ${status}. ${advice}`) });
  });

  test('is not followed elsewhere', async () => {
    const elsewhere = await aReceiver();
    const { delivery } = await sentTo(answered(307, '', { location: elsewhere.url }));
    expect(elsewhere.received).toEqual([]);
    expect(delivery).toMatchObject({ why: expect.stringContaining('Use the address that it moved to.') });
  });
});

describe('a receiver that hardly answers', () => {
  test('is left when its time is over, whether it says nothing or never ends', async () => {
    for (const answer of [
      () => undefined,
      ((response) => response.writeHead(500).write('still thinking')) satisfies Answer,
    ] as Answer[]) {
      const aborts: AbortController[] = [];
      const receiver = await aReceiver((response, tries, request) => {
        answer(response, tries, request);
        aborts[tries - 1]?.abort(new DOMException('late', 'TimeoutError'));
      });
      const timeout = () => {
        const abort = new AbortController();
        aborts.push(abort);
        return abort.signal;
      };
      const { channel, pauses } = opened('webhook', receiver.url, { timeout });
      expect(await channel.send(aNotice())).toMatchObject({
        delivered: false,
        why: expect.stringMatching(/got (no answer within 8 s|status 500.*)\. It is tried again\./),
      });
      expect([receiver.received.length, pauses.length]).toEqual([3, 2]);
    }
  });

  test('with success is believed at once, however long its answer goes on', async () => {
    const { delivery } = await sentTo((response) => {
      response.writeHead(200).write('and another thing');
    });
    expect(delivery).toMatchObject({ delivered: true });
  });

  test('with a failure of a hundred megabytes is read a little', async () => {
    let sent = 0;
    const { delivery } = await sentTo((response) => {
      response.writeHead(400);
      const write = (): void => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += 65_536;
          if (!response.write('x'.repeat(65_536))) return void response.once('drain', write);
        }
        response.end();
      };
      write();
    });
    expect(delivery).toMatchObject({ delivered: false });
    expect(sent).toBeLessThan(100_000_000);
  });

  test.each([
    ['nothing', ''],
    ['garbage', '\u0000\u0001 no HTTP at all \r\n\r\n'],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ])('with %s is asked again, then left', async (_, says) => {
    const socket = await aSocket(says);
    const { channel } = opened('webhook', `${socket.url}${PATH_SECRET}`);
    const delivery = await channel.send(aNotice());
    expect(socket.connections()).toBe(3);
    expect(delivery).toMatchObject({
      delivered: false,
      why: expect.stringMatching(
        /^Expected the address in env:URL to take the notice, got [\w ]+\. It is tried again\.$/,
      ),
    });
  });

  test('because nobody listens there is told by its code', async () => {
    const { channel } = opened('webhook', `http://127.0.0.1:1${PATH_SECRET}`);
    expect(await channel.send(aNotice())).toMatchObject({
      delivered: false,
      why: expect.not.stringContaining('S3cret'),
    });
  });
});

describe('no secret is said', () => {
  const says = async (form: (typeof FORMS)[number], answer: Answer) => {
    const receiver = await aReceiver(answer);
    const address = `${receiver.url.replace('http://', 'http://hookuser:h00kPassword@')}${PATH_SECRET}?token=T0kenOfTheHook`;
    return JSON.stringify(await opened(form, address).channel.send(aNotice()));
  };
  const SECRET_PARTS = /S3cretPath|T0AB12|T0kenOf|h00kPassword|R0uting|signing secret|127\.0\.0\.1/i;

  test.each(FORMS)('by %s, whose receiver repeats everything that it got', async (form) => {
    const echo: Answer = (response, _, { path, headers, body }) => {
      response.writeHead(400).end(`${path} ${JSON.stringify(headers)} ${body}`);
    };
    const encoded: Answer = (response, _, { path, body }) => {
      const key = /"routing_key":"(\w+)"/.exec(body)?.[1] ?? '';
      response.writeHead(400).end(encodeURIComponent(`${path} ${key}`));
    };
    const base64: Answer = (response) => {
      response.writeHead(400).end(Buffer.from(form === 'pagerduty' ? KEY : SIGNING_SECRET).toString('base64'));
    };
    for (const answer of [echo, encoded, base64]) {
      const said = await says(form, answer);
      expect(said).toContain('got status 400');
      expect(said).not.toMatch(SECRET_PARTS);
      expect(said).not.toContain(Buffer.from(KEY).toString('base64').slice(0, 12));
    }
  });

  test.each(['not an address', 'ftp://h00kPassword@127.0.0.1', 'https://S3cretPath:%zz@127.0.0.1/'])(
    'of an address that is none',
    async (address) => {
      const delivery = await opened('webhook', address).channel.send(aNotice());
      expect(delivery).toMatchObject({ delivered: false });
      expect(JSON.stringify(delivery)).not.toMatch(SECRET_PARTS);
    },
  );

  test('a name and a password in the address go into the header that they are for', async () => {
    const receiver = await aReceiver();
    const address = `${receiver.url.replace('http://', 'http://ada:p%40ss@')}/hook`;
    expect(await opened('slack', address).channel.send(aNotice())).toMatchObject({ delivered: true });
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
    expect(receiver.received[0]?.path).toBe('/hook');
  });
});
