import {
  asPipeline,
  asStep,
  configure,
  currentRun,
  type EndStatus,
  Ledger,
  LogTail,
  type Run,
  type recordingTransport,
  run,
  type Step,
  startRun,
  step,
  type Transport,
  type Watermark,
  watermark,
} from '@runledger/client';

/**
 * What the compiler must accept and refuse. Checked against the source with the rest of the tree, and against what is
 * published, as ES module and as CommonJS.
 */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(_?: T): void => undefined;

const transport: Transport = { send: async () => undefined };
const ledger = new Ledger({ transport });

export async function accepted(): Promise<void> {
  // What a run or step returns is what its function returns, awaited.
  const number = await ledger.run({ process_name: 'a' }, (open) => open.step('b', () => 42));
  is<Equal<typeof number, number>>();
  const text = await run('a', async () => 'text');
  is<Equal<typeof text, string>>();
  const nothing = await step('b', { map_index: 1, attempt: 2 }, (one) => one.records({ in: 1, out: 2n }));
  is<Equal<typeof nothing, void>>();

  // A wrapped function keeps its arguments, and gives a promise of its value.
  const load = asStep('load', (rows: number, table?: string) => `${table}: ${rows}`);
  is<Equal<typeof load, (rows: number, table?: string) => Promise<string>>>();
  const job = asPipeline({ process_name: 'a', sla: { expected_max_duration_ms: 1 } }, async (day: Date) => day);
  is<Equal<typeof job, (day: Date) => Promise<Date>>>();

  const open: Run = startRun({ process_name: 'a', scheduled_for: new Date() });
  const one: Step = open.startStep('b');
  is<Equal<Step['step_index'], number | undefined>>();
  await one.step('inner', (inner) => inner.metric('m', 1));
  one.end();
  await open.end('SKIPPED' satisfies EndStatus, 'why');
  const here = currentRun();
  is<Equal<typeof here, Run | undefined>>();

  const reached = await watermark('a', { environment: 'prod' });
  is<Equal<typeof reached, Watermark>>();
  is<Equal<Watermark['data_until'], Date | undefined>>();

  ledger.keepLogTail(new LogTail({ lines: 5, console: true }));
  new LogTail().pipe;
  is<Equal<ReturnType<ReturnType<typeof recordingTransport>['inShort']>, readonly string[]>>();
  // Options may be undefined, as they are when they come from somewhere else.
  configure({ transport, owner: undefined, spool: false });
  await using declared = ledger.startRun('a');
  declared.succeed();
}

export async function refused(open: Run): Promise<void> {
  // @ts-expect-error a pipeline has a name
  await ledger.run({ owner: 'me' }, () => undefined);
  // @ts-expect-error a word that is misspelt
  startRun({ process_name: 'a', sheduled_for: 'now' });
  // @ts-expect-error a status that there is not
  await open.end('DONE');
  // @ts-expect-error a count is a number
  open.records({ in: '5' });
  // @ts-expect-error a metric is a number
  open.metric('rows', '5');
  // @ts-expect-error a check has a name
  open.quality({ success: true });
  // @ts-expect-error an option that there is not
  configure({ transports: [transport] });
  // @ts-expect-error a transport sends
  new Ledger({ transport: 7 });
  // @ts-expect-error only the client makes runs
  new (open.constructor as typeof Run)({});
  // @ts-expect-error a wrapped function takes what the function takes
  await asStep((rows: number) => rows)('5');
}
