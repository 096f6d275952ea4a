import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { format } from 'node:util';

export interface LogTailOptions {
  /** How many lines are kept. Default: 20. */
  readonly lines?: number | undefined;
  /** Also keep what the host writes with `console`: log, info, warn and error. Default: false. */
  readonly console?: boolean | undefined;
}

const DEFAULT_LINES = 20;
const MAX_LINE_LENGTH = 2_000;
const LEVELS = { log: 'INFO', info: 'INFO', warn: 'WARNING', error: 'ERROR' } as const;
type Method = keyof typeof LEVELS;

/**
 * Keeps the last lines of the job's own log, to be sent with the event of an error. It is a stream, so that a logger may
 * write into it: `pino(options, pino.multistream([process.stdout, tail]))`, `new winston.transports.Stream({ stream:
 * tail })`. Nothing that is written to it keeps the process alive, waits, or fails.
 */
export class LogTail extends Writable {
  readonly #max: number;
  readonly #lines: string[] = [];
  readonly #decoder = new StringDecoder('utf8');
  /** What follows the last line end. */
  #rest = '';
  #release: (() => void) | undefined;

  constructor({ lines = DEFAULT_LINES, console: hooks = false }: LogTailOptions = {}) {
    super({ decodeStrings: false });
    this.#max = Number.isSafeInteger(lines) && lines > 0 ? lines : DEFAULT_LINES;
    if (hooks) this.#release = hookConsole((level, text) => this.log(text, level, 'console'));
  }

  /** Keeps a line of a logger that writes to no stream. */
  log(message: unknown, level = 'INFO', name = 'job'): void {
    this.#keep(`${new Date().toISOString()} ${level} ${name}: ${textOf(message)}`);
  }

  /** The lines so far, the oldest first. */
  lines(): string[] {
    return this.#rest === '' ? [...this.#lines] : [...this.#lines, bounded(this.#rest)].slice(-this.#max);
  }

  /** Leaves the console alone again. */
  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  override _write(chunk: Uint8Array | string, _: BufferEncoding, done: () => void): void {
    const text = this.#rest + (typeof chunk === 'string' ? chunk : this.#decoder.write(Buffer.from(chunk)));
    const lines = text.split('\n');
    // A line that never ends must not grow for ever.
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH + 1);
    for (const line of lines.slice(-this.#max)) this.#keep(line.replace(/\r$/, ''));
    done();
  }

  #keep(text: string): void {
    this.#lines.push(bounded(text));
    if (this.#lines.length > this.#max) this.#lines.shift();
  }
}

/** It ends between words, so that no secret is halved and escapes the mask. */
function bounded(text: string): string {
  if (text.length <= MAX_LINE_LENGTH) return text;
  const end = text.lastIndexOf(' ', MAX_LINE_LENGTH);
  return `${text.slice(0, end > 0 ? end : 0)}…[cut]`;
}

function textOf(message: unknown): string {
  try {
    return typeof message === 'string' ? message : format(message);
  } catch {
    return '[unreadable]';
  }
}

/** The host's own methods are called as before, also when this cannot read their arguments. */
function hookConsole(keep: (level: string, text: string) => void): () => void {
  const { console: host } = globalThis;
  const methods = Object.keys(LEVELS) as Method[];
  const before = new Map(methods.map((method) => [method, host[method]]));
  const hooked = new Map<Method, Console[Method]>();
  for (const [method, own] of before) {
    const hook = (...args: unknown[]): void => {
      try {
        keep(LEVELS[method], format(...args));
      } catch {
        keep(LEVELS[method], '[unreadable]');
      }
      own.apply(host, args);
    };
    hooked.set(method, hook);
    host[method] = hook;
  }
  return () => {
    // Somebody who hooked it later keeps that.
    for (const [method, own] of before) if (host[method] === hooked.get(method)) host[method] = own;
  };
}
