import type { ErrorInfo } from './event.ts';
import { readText } from './wire-value.ts';

/** What the pipeline's code knows about an error better than the error itself. */
export interface ErrorDetails {
  /** As in the error-code taxonomy; codes of your own are kept as they are. */
  error_code?: string | undefined;
  retryable?: boolean | undefined;
  message?: string | undefined;
}

/**
 * Describes anything that was thrown. `error_code` and `retryable` come from `details`, else from properties of those
 * names on the error or one of its causes, else from the kind of error.
 */
export function errorInfoOf(thrown: unknown, details: ErrorDetails = {}): ErrorInfo {
  const causes = causesOf(thrown);
  const own = causes.map((each) => textIn(each, 'error_code')).find((each) => each !== undefined);
  const known = causes.map(classify).find((each) => each !== undefined);
  const error_code = textIn(details, 'error_code') ?? own ?? known?.error_code ?? 'U900';
  const given =
    booleanIn(details, 'retryable') ??
    causes.map((each) => booleanIn(each, 'retryable')).find((each) => each !== undefined);
  const innermost = causes.at(-1);
  return {
    error_code,
    message: cut(textIn(details, 'message') ?? messageOf(thrown), MAX_MESSAGE_LENGTH),
    stack_trace: optionalCut(textIn(thrown, 'stack'), MAX_STACK_LENGTH),
    root_cause: causes.length > 1 ? cut(describe(innermost), MAX_MESSAGE_LENGTH) : undefined,
    retryable: given ?? (known?.error_code === error_code ? known.retryable : retryableByClass(error_code)),
  };
}

const MAX_MESSAGE_LENGTH = 8_192;
const MAX_STACK_LENGTH = 16_384;
const MAX_CAUSES = 8;

interface Known {
  readonly error_code: string;
  readonly retryable?: boolean;
}

const NETWORK_TIMEOUT: Known = { error_code: 'T101', retryable: true };
const BUSY: Known = { error_code: 'T102', retryable: true };
const SCHEMA_MISMATCH: Known = { error_code: 'D201', retryable: false };
const INVALID_PARAM: Known = { error_code: 'C301', retryable: false };
const OUT_OF_MEMORY: Known = { error_code: 'R401', retryable: true };
const OUT_OF_RESOURCE: Known = { error_code: 'R400', retryable: true };
const SYSTEM_IO: Known = { error_code: 'S500', retryable: true };
const NOT_ALLOWED: Known = { error_code: 'S500', retryable: false };

/** By the `code` of Node's errors and the `name` of others (the AWS SDK's and the web's). */
const KNOWN = new Map<string, Known>([
  ...['ETIMEDOUT', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ENETDOWN'].map(
    to(NETWORK_TIMEOUT),
  ),
  ...['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTDOWN', 'TimeoutError', 'UND_ERR_CONNECT_TIMEOUT'].map(to(NETWORK_TIMEOUT)),
  ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'].map(to(NETWORK_TIMEOUT)),
  ...['SlowDown', 'ServiceUnavailable', 'ServiceUnavailableException', 'ThrottlingException'].map(to(BUSY)),
  ...['TooManyRequestsException', 'InternalError', 'RequestTimeout'].map(to(BUSY)),
  ...['ZodError', 'ValidationError'].map(to(SCHEMA_MISMATCH)),
  ...['ERR_INVALID_URL', 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE', 'ERR_PARSE_ARGS_UNKNOWN_OPTION'].map(to(INVALID_PARAM)),
  ...['ENOMEM', 'ERR_WORKER_OUT_OF_MEMORY', 'ERR_MEMORY_ALLOCATION_FAILED'].map(to(OUT_OF_MEMORY)),
  ...['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].map(to(OUT_OF_RESOURCE)),
  ...['ENOENT', 'EIO', 'EBUSY', 'EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'EXDEV'].map(to(SYSTEM_IO)),
  ...['EACCES', 'EPERM', 'EROFS'].map(to(NOT_ALLOWED)),
]);

function to(known: Known): (name: string) => [string, Known] {
  return (name) => [name, known];
}

function classify(error: unknown): Known | undefined {
  const name = textIn(error, 'name') ?? '';
  const found = KNOWN.get(textIn(error, 'code') ?? '') ?? KNOWN.get(name);
  if (found) return found;
  const message = textIn(error, 'message') ?? '';
  if (name === 'RangeError' && /out of memory|heap|allocation|invalid (array|string) length/i.test(message))
    return OUT_OF_MEMORY;
  if (name === 'SyntaxError' && message.includes('JSON')) return SCHEMA_MISMATCH;
  return undefined;
}

/** Whether errors of a code's class are retryable, by the taxonomy; undefined: unknown. */
function retryableByClass(code: string): boolean | undefined {
  if (/^(T1|R4|S5)\d\d$/.test(code)) return true;
  return /^(D2|C3)\d\d$/.test(code) ? false : undefined;
}

/** The error, then its cause, its cause's cause and so on; of several errors the first. */
function causesOf(thrown: unknown): readonly unknown[] {
  const causes = [thrown];
  while (causes.length < MAX_CAUSES) {
    const outer = causes.at(-1);
    const several = read(outer, 'errors');
    const cause = read(outer, 'cause') ?? (Array.isArray(several) ? several[0] : undefined);
    if (cause === undefined || cause === null || causes.includes(cause)) break;
    causes.push(cause);
  }
  return causes;
}

const messageOf = (thrown: unknown): string => textIn(thrown, 'message') || describe(thrown);

function describe(thrown: unknown): string {
  const message = textIn(thrown, 'message');
  if (message !== undefined) return `${textIn(thrown, 'code') ?? textIn(thrown, 'name') ?? 'Error'}: ${message}`;
  try {
    return readText(thrown, 'error', () => undefined) ?? String(thrown);
  } catch {
    return '[unreadable error]';
  }
}

/** A property of anything; a getter that throws has none. */
function read(holder: unknown, name: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  try {
    return (holder as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function textIn(holder: unknown, name: string): string | undefined {
  const value = read(holder, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function booleanIn(holder: unknown, name: string): boolean | undefined {
  const value = read(holder, name);
  return typeof value === 'boolean' ? value : undefined;
}

const optionalCut = (text: string | undefined, length: number): string | undefined =>
  text === undefined ? undefined : cut(text, length);

const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}…[cut]` : text);
