import { setTimeout as sleep } from 'node:timers/promises';
import {
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
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
  | 'record-slots'
  | 'recover'
  | 'serve-http'
  | 'summarize-runs';

/** What a function says of its work, in the one structured line of its log. */
export type Report = Readonly<Record<string, unknown>>;

const lambda = new LambdaClient({
  region: 'us-east-1',
  endpoint: inject('awsUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // A call lasts as long as the function.
  maxAttempts: 1,
});

/** Invokes a deployed function as its schedule does, and waits for its report. Throws when the function does. */
export async function invoke(name: FunctionName, payload: object = SCHEDULED): Promise<Report> {
  const { FunctionError, Payload, LogResult } = await lambda.send(
    new InvokeCommand({ FunctionName: await deployedName(name), Payload: JSON.stringify(payload), LogType: 'Tail' }),
  );
  const log = Buffer.from(LogResult ?? '', 'base64').toString('utf8');
  if (FunctionError !== undefined) throw new Error(`${name} failed: ${Buffer.from(Payload ?? []).toString()}\n${log}`);
  return reportIn(log);
}

/** Changes how long a function may run; returns what changes it back. */
export async function allow(name: FunctionName, seconds: number): Promise<() => Promise<void>> {
  const FunctionName = await deployedName(name);
  const set = (Timeout: number) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const before = Functions.find((each) => each.FunctionName === FunctionName)?.Timeout ?? 0;
  await set(seconds);
  return async () => {
    await set(before);
  };
}

/** The name that CloudFormation made of the construct's. */
export async function deployedName(name: FunctionName): Promise<string> {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const construct = name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase());
  // Another stack may stand beside it.
  const stack = inject('outputs').WorkgroupName;
  const names = Functions.map(({ FunctionName = '' }) => FunctionName).filter((each) => each.startsWith(`${stack}-`));
  const found = names.find((each) => each.includes(`${construct}Function`));
  if (found === undefined) throw new Error(`expected a deployed function ${name}, found ${names.join(', ')}`);
  return found;
}

/** What EventBridge Scheduler sends when the target names no input. */
const SCHEDULED = { version: '0', source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' };

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
