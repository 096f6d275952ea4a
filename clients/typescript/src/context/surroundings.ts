import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';

/** What a process can look at to find out where it runs. Each gives undefined for what there is not; none throws. */
export interface Surroundings {
  env(): Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
  readonly parentId: number | undefined;
  /** The folder of the program that was started. */
  folder(): string | undefined;
  /** The name of the account. */
  account(): string | undefined;
  /** A file's text, its first part where it is long. */
  read(path: string): string | undefined;
  /** What an address of the machine itself answers, within half a second. */
  ask(url: string): Promise<string | undefined>;
  memoryBytes(): number | undefined;
}

const MAX_READ = 65_536;
const MAX_ANSWER = 1_048_576;
const ASK_MS = 500;

export const nodeSurroundings: Surroundings = {
  env: () => process.env,
  argv: process.argv,
  parentId: process.ppid,
  folder: () => (process.argv[1] === undefined ? process.cwd() : dirname(resolve(process.argv[1]))),
  account: () => orNothing(() => userInfo().username),
  read: (path) => orNothing(() => readFileSync(path, 'utf8').slice(0, MAX_READ)),
  ask,
  memoryBytes: () => process.memoryUsage.rss(),
};

/** It keeps no process alive. */
function ask(url: string): Promise<string | undefined> {
  return new Promise((done) => {
    const request = get(url, { timeout: ASK_MS, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        if (text.length < MAX_ANSWER) text += part;
      });
      answer.on('end', () => done(answer.statusCode === 200 ? text : undefined));
      answer.on('error', () => done(undefined));
    });
    request.on('socket', (socket) => socket.unref());
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(undefined));
  });
}

export function orNothing<Value>(find: () => Value): Value | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
