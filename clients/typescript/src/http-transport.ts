import { backoffMs, pause } from './backoff.ts';
import { postThroughProxy } from './fetch-through-proxy.ts';
import { authorizationOf, baseOf, reasonOf } from './http-address.ts';
import { postSync } from './http-send-sync.ts';
import { mask } from './mask.ts';
import { proxyFor } from './proxy.ts';
import { MAX_TIMER_MS, nodeRuntime, type Runtime } from './runtime.ts';
import { type Receipt, type Transport, TransportError } from './transport.ts';
import { unexpected } from './wire-value.ts';

export interface HttpTransportOptions {
  /** Where the ledger listens, without `/events`: `http://127.0.0.1:4319`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** The longest one try may take, in milliseconds. Default: 5,000. */
  readonly timeout_ms?: number | undefined;
  /** How often one call is tried in all. Default: 4, with exponential backoff and full jitter between. */
  readonly tries?: number | undefined;
  /** Default: the global `fetch`, or through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const BASE_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

/**
 * Sends events as NDJSON by `POST {url}/events`. Tried again: network errors, timeouts, redirections, pages of HTML, and
 * the answers 401, 403, 408, 429 and 5xx; `Retry-After` is obeyed, here when it is short and by the ledger's own pauses
 * when it is long. After 413 the halves are sent, down to one event. Any other answer is final. Throws a TypeError for a
 * wrong option.
 */
export function httpTransport(options: HttpTransportOptions, runtime: Runtime = nodeRuntime): Transport {
  const { token, timeout_ms = 5_000, tries = 4 } = options;
  const endpoint = `${baseOf(options.url)}/events`;
  if (!(timeout_ms > 0 && timeout_ms <= MAX_TIMER_MS))
    throw unexpected('timeout_ms', `a number of milliseconds up to ${MAX_TIMER_MS}`, timeout_ms);
  if (!Number.isSafeInteger(tries) || tries < 1) throw unexpected('tries', 'a positive integer', tries);
  const request: PostRequest = {
    endpoint,
    headers: { 'content-type': 'application/x-ndjson', ...authorizationOf(token) },
    timeoutMs: timeout_ms,
    send: options.fetch ? byFetch(options.fetch) : sender(endpoint, runtime),
    runtime,
  };

  return {
    name: endpoint,
    ...(options.fetch === undefined && {
      sendSync: (records: readonly Uint8Array[], timeoutMs: number) =>
        postSync(endpoint, request.headers, Buffer.concat(records), timeoutMs, hasProxy(endpoint, runtime)),
    }),
    send: (records, signal) => sendParts(request, Buffer.concat(records), tries, signal),
  };
}

/** Sends in halves what is too large for the other side, as a proxy with limits of its own may say. */
async function sendParts(
  request: PostRequest,
  body: Buffer<ArrayBuffer>,
  tries: number,
  signal: AbortSignal,
): Promise<Receipt> {
  const answer = await sendWhole(request, body, tries, signal);
  if (answer !== 'too large') return answer;
  const middle = body.indexOf(10, Math.floor(body.length / 2)) + 1;
  const end = middle > 0 && middle < body.length ? middle : body.lastIndexOf(10, body.length - 2) + 1;
  // Like an event that the ledger rejects, one that is too large by itself must not hold up the others.
  if (end === 0) return { rejected: 1 };
  const first = await sendParts(request, body.subarray(0, end), tries, signal);
  const second = await sendParts(request, body.subarray(end), tries, signal);
  return { rejected: (first.rejected ?? 0) + (second.rejected ?? 0) };
}

async function sendWhole(
  request: PostRequest,
  body: Buffer<ArrayBuffer>,
  tries: number,
  signal: AbortSignal,
): Promise<Receipt | 'too large'> {
  const { runtime } = request;
  for (let failures = 1; ; failures++) {
    const answer = await post(request, body, signal);
    if (!(answer instanceof TransportError)) return answer;
    const waitMs = answer.retry_after_ms ?? backoffMs(failures, BASE_PAUSE_MS, MAX_PAUSE_MS, runtime);
    if (!answer.retryable || failures >= tries || waitMs > MAX_PAUSE_MS || signal.aborted) throw answer;
    await pause(waitMs, signal, runtime);
    if (signal.aborted) throw answer;
  }
}

type Send = (
  endpoint: string,
  options: { readonly headers: Readonly<Record<string, string>>; body: Buffer<ArrayBuffer>; signal: AbortSignal },
) => Promise<Response>;

/** A redirection is told instead of followed: a POST would become a GET, and the token would go to another place. */
const byFetch =
  (fetch: typeof globalThis.fetch): Send =>
  (endpoint, options) =>
    fetch(endpoint, { method: 'POST', redirect: 'manual', ...options });

const sender = (endpoint: string, runtime: Runtime): Send => {
  const proxy = proxyFor(endpoint, (name) => runtime.env(name));
  return proxy
    ? (address, options) => postThroughProxy(address, proxy, options)
    : byFetch((input, init) => globalThis.fetch(input, init));
};

const hasProxy = (endpoint: string, runtime: Runtime): boolean =>
  proxyFor(endpoint, (name) => runtime.env(name)) !== undefined;

interface PostRequest {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly send: Send;
  readonly runtime: Runtime;
}

async function post(
  request: PostRequest,
  body: Buffer<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Receipt | TransportError | 'too large'> {
  const { endpoint, headers, timeoutMs, runtime } = request;
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  let timedOut = false;
  const cancel = runtime.after(timeoutMs, () => {
    timedOut = true;
    abort();
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    const response = await request.send(endpoint, { headers, body, signal: attempt.signal });
    const text = await response.text();
    const receipt = receiptOf(text);
    // 422 says that every event was rejected: the ledger keeps them with the reason, so they have arrived.
    const isTaken = response.ok || (response.status === 422 && receipt.rejected !== undefined);
    if (isTaken && !isPage(response)) return receipt;
    return response.status === 413 ? 'too large' : refusalOf(response, text, endpoint, runtime);
  } catch (cause) {
    const reason = timedOut ? `no answer within ${timeoutMs} ms` : reasonOf(cause);
    return new TransportError(`Expected an answer from POST ${endpoint}, got ${reason}`, { retryable: true, cause });
  } finally {
    cancel();
    signal.removeEventListener('abort', abort);
  }
}

/** The count of rejected events, if the answer has one. Without it the call is a success all the same. */
function receiptOf(text: string): Receipt {
  try {
    const answer = JSON.parse(text) as { rejected?: unknown } | null;
    return { rejected: typeof answer?.rejected === 'number' ? answer.rejected : undefined };
  } catch {
    return {};
  }
}

/** A page is no answer of a ledger: it is of a proxy that wants a login, or of another server. */
const isPage = ({ headers }: Response): boolean => headers.get('content-type')?.includes('text/html') ?? false;

const MAX_SHOWN_LENGTH = 200;

function refusalOf(response: Response, text: string, endpoint: string, runtime: Runtime): TransportError {
  const { status, headers } = response;
  const isElsewhere = status >= 300 && status < 400;
  const said = isElsewhere ? `a redirection to ${headers.get('location')}` : isPage(response) ? 'a page of HTML' : text;
  const answer = said.trim() === '' ? '' : `: ${mask(said.trim().slice(0, MAX_SHOWN_LENGTH))}`;
  return new TransportError(`Expected POST ${endpoint} to answer 200, got ${status}${answer}`, {
    // A token or an address that is wrong can be put right while the events wait.
    retryable: [401, 403, 407, 408, 429].includes(status) || status >= 500 || isElsewhere || isPage(response),
    retry_after_ms: retryAfterMs(headers.get('retry-after'), runtime),
  });
}

/** Seconds, or a date. */
function retryAfterMs(header: string | null, runtime: Runtime): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - runtime.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
