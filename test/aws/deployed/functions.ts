import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

/** The stack's functions, by the file of their handler. */
export type FunctionName =
  | 'accept-events'
  | 'aggregate-metrics'
  | 'check-deadlines'
  | 'compact-events'
  | 'maintain-tables'
  | 'migrate-tables'
  | 'notify'
  | 'summarize-runs';

/** What a function says of its work, in the one structured line of its log. */
export type Report = Readonly<Record<string, unknown>>;

/** Invokes a deployed function as its schedule does, and waits for its report. Throws when the function does. */
export async function invoke(name: FunctionName, payload: object = SCHEDULED): Promise<Report> {
  const response = await call(`${await deployedName(name)}/invocations`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: { 'X-Amz-Log-Type': 'Tail' },
  });
  const answer = await response.text();
  const log = Buffer.from(response.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8');
  if (response.headers.has('x-amz-function-error')) throw new Error(`${name} failed: ${answer}\n${log}`);
  return reportIn(log);
}

/** Invokes a deployed function and does not wait for it. */
export async function invokeAsync(name: FunctionName, payload: object = SCHEDULED): Promise<void> {
  await call(`${await deployedName(name)}/invocations`, {
    method: 'POST',
    body: JSON.stringify(payload),
    headers: { 'X-Amz-Invocation-Type': 'Event' },
  });
}

/** Changes what a deployment has set, as a person may; returns what changes it back. */
export async function configure(
  name: FunctionName,
  change: { readonly Timeout: number },
): Promise<() => Promise<void>> {
  const path = `${await deployedName(name)}/configuration`;
  const before = (await (await call(path)).json()) as { readonly Timeout: number };
  const put = async (Timeout: number) => {
    await call(path, { method: 'PUT', body: JSON.stringify({ Timeout }) });
  };
  await put(change.Timeout);
  return () => put(before.Timeout);
}

/** The names that CloudFormation made of the constructs'. */
export async function deployedName(name: FunctionName): Promise<string> {
  names ??= listNames();
  const construct = name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  const found = (await names).find((each) => each.includes(`${construct}Function`));
  if (found === undefined) throw new Error(`expected a deployed function ${name}, found ${(await names).join(', ')}`);
  return found;
}

let names: Promise<readonly string[]> | undefined;

async function listNames(): Promise<readonly string[]> {
  const { Functions } = (await (await call('')).json()) as {
    readonly Functions: readonly { readonly FunctionName: string }[];
  };
  return Functions.map(({ FunctionName }) => FunctionName);
}

/** What EventBridge Scheduler sends when the target names no input. */
const SCHEDULED = { version: '0', source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' };

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${inject('awsUrl')}/2015-03-31/functions/${path}`, init);
  if (response.ok) return response;
  throw new Error(`Lambda answered ${response.status} to ${path}: ${await response.text()}`);
}

/** The last line that is one of the ledger's; the log of one invocation may hold lines of the one before. */
function reportIn(log: string): Report {
  const reports = log.split('\n').flatMap((line): Report[] => {
    try {
      const said = JSON.parse(line) as Report;
      return 'message' in said ? [said] : [];
    } catch {
      return [];
    }
  });
  return reports.at(-1) ?? {};
}

/** Asks until the answer is there; throws what was seen last when it never is. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  isThere: (answer: Answer) => boolean,
  limitMs = 60_000,
): Promise<Answer> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${limitMs} ms; last ${JSON.stringify(answer)}`);
    await sleep(200);
  }
}
