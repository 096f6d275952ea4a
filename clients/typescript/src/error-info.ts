import { type Kind, kindOfMessage, kindOfWords } from './error-kinds.ts';
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

function classify(error: unknown): Kind | undefined {
  const name = textIn(error, 'name') ?? '';
  const response = read(error, 'response');
  const metadata = read(error, '$metadata');
  const statuses = [
    read(error, 'status'),
    read(error, 'statusCode'),
    read(response, 'status'),
    read(metadata, 'httpStatusCode'),
  ];
  const status = statuses.find((each) => typeof each === 'number');
  const words = [textIn(error, 'code'), textIn(error, 'sqlState'), name, textIn(error, 'Code')];
  return (
    kindOfWords([...words, status === undefined ? undefined : `HTTP_${status}`]) ??
    kindOfMessage(name, textIn(error, 'message') ?? '')
  );
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
