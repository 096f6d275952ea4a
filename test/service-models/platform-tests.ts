import { describe, expect, test } from 'vitest';
import { contentHash as hashOf } from '../../adapters/content-hash.ts';
import type { Restarter, Start } from '../../core/ports/restarter.ts';
import type { PlatformSettings } from '../../core/recovery/platform-restarter.ts';
import type { StartedRun } from '../../core/recovery/recovery.ts';
import type { Gap } from '../contracts/gap.ts';
import { aStart, restarterContract } from '../contracts/restarter.contract.ts';
import type { Service } from './model.ts';
import { type ModelledAnswer, type ModelledCall, serveModel } from './server.ts';
import { aTimeout } from './timeouts.ts';

type Input = Readonly<Record<string, unknown>>;
export type Told = Partial<StartedRun>;

type StartError = readonly [error: string, state: 'not_started' | 'unclear', status?: number];

/** A platform as its model server plays it: runs that are started, told of and stopped. */
export interface PlayedPlatform {
  readonly name: string;
  readonly service: Service;
  readonly open: (endpoint: string, settings: PlatformSettings) => Restarter;
  /** The target of this name, of lower-case letters. */
  readonly target: (name: string) => Start['target'];
  readonly start: {
    readonly operation: string;
    /** The name of the target in a call. */
    readonly nameIn: (input: Input) => string;
    readonly output: (id: string) => Input;
    readonly told: (input: Input) => Told;
  };
  /** Left out: the platform cannot stop a run. */
  readonly stop?: {
    readonly operation: string;
    readonly describe: string;
    readonly idIn: (input: Input) => string;
    readonly output: Input;
    readonly described: (id: string, word: string) => Input;
    readonly words: { readonly open: string; readonly stopping: string; readonly stopped: string };
    /** How it answers for a run that it does not know. */
    readonly unknown: ModelledAnswer;
    /** How a run that ended by itself is told; left out: as one that was stopped. */
    readonly ended?: string;
  };
  /** Modelled errors of a start, and what each means. */
  readonly errors: readonly StartError[];
}

export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
export const atEndpoint = (endpoint: string) => ({
  endpoint,
  region: 'eu-north-1',
  credentials: CREDENTIALS,
  maxAttempts: 1,
});

const REFUSED: ModelledAnswer = { error: 'AccessDeniedException', status: 403 };

/** A case of a platform, with what its service answers to a start on the target `failing`. */
export async function aPlatform(platform: PlayedPlatform, failing: ModelledAnswer = REFUSED) {
  const { start, stop } = platform;
  const { timeout, pass } = aTimeout();
  const runs = new Map<string, string>();
  /** Answers to come before any other. */
  const first: { readonly operation: string; readonly answer: ModelledAnswer }[] = [];
  const answer = ({ operation, input }: ModelledCall): ModelledAnswer => {
    if (first[0]?.operation === operation) return first.shift()?.answer ?? REFUSED;
    if (operation === start.operation) {
      const name = start.nameIn(input);
      if (name === 'silent') {
        pass();
        return 'silence';
      }
      if (name !== 'orders') return name === 'failing' ? failing : REFUSED;
      const id = `run${runs.size + 1}0000000`;
      if (stop !== undefined) runs.set(id, stop.words.open);
      return { output: start.output(id) };
    }
    if (stop === undefined) return REFUSED;
    const id = stop.idIn(input);
    const word = runs.get(id);
    if (word === undefined) return stop.unknown;
    if (operation === stop.operation) {
      runs.set(id, stop.words.stopping);
      return { output: stop.output };
    }
    // It takes its time: what is stopping is stopped the next time it is looked at.
    if (word === stop.words.stopping) runs.set(id, stop.words.stopped);
    return { output: stop.described(id, word) };
  };
  const service = await serveModel(platform.service, answer);
  const restarter = platform.open(service.url, {
    timeout,
    pause: async () => undefined,
    stopWithinMs: 30_000,
    hash: hashOf,
  });
  const startCalls = () => service.calls.filter(({ operation }) => operation === start.operation);
  const idOf = (handle: string) => [...runs.keys()].find((id) => handle.includes(id)) ?? '';
  return { restarter, runs, first, service, startCalls, idOf };
}

const CANNOT_STOP: Gap = {
  reason: 'its platform gives no call that stops a run',
  tests: ['stops what it started, with all that this started, and confirms it', 'stopping what has ended is no error'],
};

/** The contract of a restarter, and what each modelled error and each state of a stop means. */
export function platformTests(platform: PlayedPlatform): void {
  const { name, target, start, stop, errors } = platform;
  restarterContract(
    name,
    async () => {
      const { restarter, runs, startCalls, idOf } = await aPlatform(platform);
      return {
        restarter,
        ...{ good: target('orders'), refusing: target('refused'), silent: target('silent') },
        foreign: { command: { run: ['job'] } },
        received: async (count) => {
          expect(startCalls()).toHaveLength(count);
          return startCalls().map(({ input }) => start.told(input));
        },
        isRunning: async (handle) => runs.get(idOf(handle)) === stop?.words.open,
      };
    },
    stop === undefined ? [CANNOT_STOP] : [],
  );

  describe(`restarter: ${name}`, () => {
    test.each(errors)('%s means %s, and is asked for once', async (...each) => {
      const [error, state, status] = each as unknown as StartError;
      const { restarter, startCalls } = await aPlatform(platform, { error, ...(status !== undefined && { status }) });
      const outcome = await restarter.start(aStart(target('failing')));
      expect(outcome).toMatchObject({ state, why: expect.stringContaining(error) });
      expect(startCalls()).toHaveLength(1);
    });

    test('a service that is not there was asked for nothing', async () => {
      const restarter = platform.open('http://127.0.0.1:1', {
        timeout: aTimeout().timeout,
        pause: async () => undefined,
        stopWithinMs: 3_000,
        hash: hashOf,
      });
      expect(await restarter.start(aStart(target('orders')))).toMatchObject({
        state: 'not_started',
        why: expect.stringContaining('ECONNREFUSED'),
      });
    });

    if (stop === undefined) {
      test('says why it stops nothing', async () => {
        const { restarter } = await aPlatform(platform);
        expect(await restarter.stop('{}')).toMatchObject({ state: 'not_stopped', why: /^expected a way to stop/ });
      });
      return;
    }

    const aStarted = async () => {
      const made = await aPlatform(platform);
      const started = await made.restarter.start(aStart(target('orders')));
      const handle = (started as { handle?: string }).handle ?? '';
      return {
        ...made,
        handle,
        stopCalls: () => made.service.calls.filter((each) => each.operation === stop.operation),
      };
    };

    test('a stop outlasts a throttled look and a stop call that failed', async () => {
      const { restarter, handle, first } = await aStarted();
      first.push(
        { operation: stop.describe, answer: { error: 'ThrottlingException', status: 400 } },
        { operation: stop.operation, answer: { error: 'InternalServerError', status: 500 } },
      );
      expect(await restarter.stop(handle)).toMatchObject({
        state: 'stopped',
        how: expect.stringContaining(stop.words.stopped),
      });
    });

    test('a stop that the platform refuses is told with why', async () => {
      const { restarter, handle, first, runs, idOf } = await aStarted();
      first.push({ operation: stop.operation, answer: { error: 'AccessDeniedException', status: 400 } });
      expect(await restarter.stop(handle)).toMatchObject({
        state: 'not_stopped',
        why: expect.stringMatching(/^expected .* got AccessDeniedException.*Allow the role/),
      });
      expect(runs.get(idOf(handle))).toBe(stop.words.open);
    });

    test('a stop that is never confirmed ends, is asked for once, and says the last state', async () => {
      const { restarter, handle, first, stopCalls, idOf } = await aStarted();
      const described = { operation: stop.describe, answer: { output: stop.described(idOf(handle), stop.words.open) } };
      const stopped = { operation: stop.operation, answer: { output: stop.output } };
      first.push(described, stopped, ...Array.from({ length: 50 }, () => described));
      expect(await restarter.stop(handle)).toMatchObject({
        state: 'not_stopped',
        why: expect.stringContaining(`got ${stop.words.open}; it was asked to end`),
      });
      expect(stopCalls()).toHaveLength(1);
    });

    test('a run that the platform does not know any more is gone, as is one that ended by itself', async () => {
      const { restarter, handle, runs, idOf, stopCalls } = await aStarted();
      runs.set(idOf(handle), stop.ended ?? stop.words.stopped);
      expect(await restarter.stop(handle)).toEqual({ state: 'gone' });
      runs.clear();
      expect(await restarter.stop(handle)).toEqual({ state: 'gone' });
      expect(stopCalls()).toEqual([]);
    });
  });
}

/** What variables, or arguments of their names, told. */
export function fromVariables(given: Readonly<Record<string, unknown>>): Told {
  const {
    RUNLEDGER_RUN_ID: run_id,
    RUNLEDGER_PARENT_RUN_ID: parent_run_id,
    RUNLEDGER_ROOT_RUN_ID: root_run_id,
    RUNLEDGER_RUN_ATTEMPT: run_attempt,
    RUNLEDGER_RUN_MODE: run_mode,
    RUNLEDGER_FROM_STEP: from_step,
    RUNLEDGER_SCHEDULED_FOR: scheduled_for,
    RUNLEDGER_PARAMS: params = '{}',
  } = given as Readonly<Record<string, string>>;
  return {
    ...{ run_id, parent_run_id, root_run_id, run_attempt: Number(run_attempt), run_mode, scheduled_for },
    ...{ from_step: from_step === undefined ? undefined : Number(from_step), params: JSON.parse(params) },
  } as Told;
}

/** What a message told under `runledger`. */
export function fromFacts(text: unknown): Told {
  const { runledger } = JSON.parse(String(text)) as { readonly runledger: Readonly<Record<string, unknown>> };
  const { pipeline: _, environment: __, ...run } = runledger;
  return Object.fromEntries(Object.entries(run).map(([name, value]) => [name, value ?? undefined])) as Told;
}

export const fromNamed = (environment: unknown): Told =>
  fromVariables(
    Object.fromEntries(
      (environment as readonly { readonly name: string; readonly value: string }[]).map(({ name, value }) => [
        name,
        value,
      ]),
    ),
  );
