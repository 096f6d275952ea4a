import { epochMsOf, type Instant } from '../../core/instant.ts';
import { NEVER_REACHED } from '../../core/never-reached.ts';
import { backoffMs, type Waiting } from '../../core/retry.ts';

/** What one message is, whatever receives it. */
export interface Message {
  /** The same whenever it is sent again, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How messages go out. */
export interface Posting extends Waiting {
  readonly fetch: typeof globalThis.fetch;
  /** Aborts after so many milliseconds. */
  readonly timeout: (ms: number) => AbortSignal;
  readonly now: () => Instant;
}

export type Posted =
  | { readonly isTaken: true }
  | { readonly isTaken: false; readonly got: string; readonly advice: string };

const MAX_TRIES = 3;
/** Together with the pauses below the time for which a sender claims a notice. */
const TIMEOUT_MS = 8_000;
const BACKOFF = { firstDelayMs: 500, maxDelayMs: 2_000 };
/** Who is told to come back later than this is not waited for: the notice stays to be sent. */
const MAX_RETRY_AFTER_MS = 5_000;
/** What a person needs of an answer; the rest is not read. */
const MAX_EXCERPT_BYTES = 300;

/**
 * Posts a message, up to three times while the receiver is away, busy or broken. A receiver may have taken a message whose
 * answer was lost: it sees the same id again. Never rejects. `secrets` are never in what is said.
 */
export async function post(
  address: string,
  message: Message,
  { pause, random, ...ways }: Posting,
  secrets: readonly string[],
): Promise<Posted> {
  for (let tries = 1; ; tries++) {
    const answer = await postOnce(address, message, ways, secrets);
    if (answer.isTaken) return answer;
    const { retryAfterMs = backoffMs(BACKOFF, tries - 1, random) } = answer;
    if (!answer.isPassing || tries >= MAX_TRIES || retryAfterMs > MAX_RETRY_AFTER_MS) return answer;
    await pause(retryAfterMs);
  }
}

export type Answer =
  | { readonly isTaken: true }
  | {
      readonly isTaken: false;
      readonly got: string;
      readonly advice: string;
      /** Another try may help. */
      readonly isPassing: boolean;
      /** It was certainly not taken: the receiver said so, or was never reached. */
      readonly isRefused: boolean;
      readonly retryAfterMs?: number | undefined;
    };

/** Posts a message once. Never rejects. */
export async function postOnce(
  address: string,
  { headers, body }: Message,
  { fetch, timeout, now }: Omit<Posting, keyof Waiting>,
  secrets: readonly string[],
): Promise<Answer> {
  const target = targetOf(address);
  if (target === undefined)
    return {
      isTaken: false,
      got: 'no web address there',
      advice: 'Write a whole one, with https://.',
      isPassing: false,
      isRefused: true,
    };
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'user-agent': 'runledger', ...target.headers, ...headers },
      body,
      // To follow would hand the message, and what is secret in it, to somebody else.
      redirect: 'manual',
      signal: timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      void response.body?.cancel().catch(() => undefined);
      return { isTaken: true };
    }
    const { status } = response;
    const isPassing = status === 408 || status === 425 || status === 429 || status >= 500;
    const said = excerptOf(await headOf(response), secrets);
    return {
      isTaken: false,
      got: `status ${status}${said === '' ? '' : ` (${said})`}`,
      advice: adviceFor(status),
      isPassing,
      isRefused: status < 500 && status !== 408,
      retryAfterMs: retryAfterOf(response.headers.get('retry-after'), now()),
    };
  } catch (error) {
    const got = reasonOf(error);
    return { isTaken: false, got, advice: 'It is tried again.', isPassing: true, isRefused: NEVER_REACHED.has(got) };
  }
}

/** Where to post to. `fetch` refuses an address with a name and a password in it: they go into a header. */
function targetOf(
  address: string,
): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } | undefined {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username === '' && url.password === '') return { url, headers: {} };
  const [name, password] = [url.username, url.password].map((each) => decodeURIComponent(each));
  url.username = '';
  url.password = '';
  return { url, headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` } };
}

function adviceFor(status: number): string {
  if (status >= 300 && status < 400) return 'Use the address that it moved to.';
  if (status === 401 || status === 403) return 'Check the secret in its address or key.';
  if (status === 404 || status === 410) return 'Check its address: nobody takes notices there any more.';
  if (status === 429 || status >= 500) return 'It is tried again.';
  return 'Check that it takes such notices.';
}

/** Milliseconds from a number of seconds or a date; undefined when it says neither. */
function retryAfterOf(header: string | null, now: Instant): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - epochMsOf(now);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** The beginning of an answer, whatever it is and however long it goes on. */
async function headOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < MAX_EXCERPT_BYTES) {
      const { value, done } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
    }
  } catch {
    // What came so far is what there is to show.
  }
  void reader.cancel().catch(() => undefined);
  return Buffer.concat(parts).subarray(0, MAX_EXCERPT_BYTES).toString('utf8');
}

/** An answer as one short line; nothing of one that may repeat a secret, in whatever form. */
function excerptOf(text: string, secrets: readonly string[]): string {
  const line = text.replace(/[\p{C}\p{Z}\uFFFD]+/gu, ' ').trim();
  const bare = (each: string) => each.toLowerCase().replace(/[^a-z\d]/g, '');
  const said = bare(text);
  const pieces = secrets.flatMap((secret) => [
    ...secret.split(/[^A-Za-z\d]+/),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('hex'),
  ]);
  const repeats = pieces.map(bare).some((piece) => piece.length >= 6 && said.includes(piece.slice(0, 6)));
  return repeats ? 'its answer is not shown, as it may hold a secret' : line;
}

/** The code of what went wrong. A message of it may hold the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an error';
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const causes = error.cause instanceof AggregateError ? error.cause.errors : [error.cause, error];
  for (const each of causes) if (each instanceof Error && 'code' in each) return String(each.code);
  return 'no answer that is HTTP';
}
