import { randomUUID } from 'node:crypto';
import { execute, type Failure, failureOf, type Outcome } from './execution.ts';
import { type Faults, Intended } from './faults.ts';
import type { Glue } from './glue.ts';

/** What one StartQueryExecution began. */
export interface Execution {
  readonly id: string;
  readonly query: string;
  readonly database: string;
  readonly workGroup: string;
  readonly token: string | undefined;
  /** The access key of whoever started it. */
  readonly startedBy: string;
  readonly submittedAt: number;
  state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  completedAt: number | undefined;
  scannedBytes: number;
  failure: Failure | undefined;
  outcome: Outcome | undefined;
}

export interface StartRequest {
  readonly query: string;
  readonly database: string;
  readonly workGroup: string;
  readonly token: string | undefined;
  readonly startedBy: string;
}

export interface Executions {
  start(request: StartRequest): Execution;
  get(id: string): Execution | undefined;
  stop(id: string): void;
  /** Newest first. */
  list(): readonly Execution[];
  /** Resolves once nothing runs any more. */
  settle(): Promise<void>;
}

/** Athena's memory of what was started. A token that was seen before answers with what it started then. */
export function openExecutions(options: {
  readonly trinoUrl: string;
  readonly glue: Glue;
  readonly faults: Faults;
}): Executions {
  const all = new Map<string, Execution>();
  const byToken = new Map<string, Execution>();
  const controllers = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();

  const run = async (execution: Execution, controller: AbortController): Promise<void> => {
    execution.state = 'RUNNING';
    const session = {
      url: options.trinoUrl,
      schema: execution.database,
      signal: controller.signal,
      onProgress: (scannedBytes: number) => {
        execution.scannedBytes = Math.max(execution.scannedBytes, scannedBytes);
        if (scannedBytes > options.faults.scanLimitBytes()) controller.abort('Bytes scanned limit was exceeded');
      },
    };
    try {
      await meet(options.faults.of(execution.query), controller.signal);
      execution.outcome = await execute(execution.query, session, options.glue);
      controller.signal.throwIfAborted();
      execution.state = 'SUCCEEDED';
    } catch (error) {
      execution.state = controller.signal.aborted ? 'CANCELLED' : 'FAILED';
      execution.failure = controller.signal.aborted
        ? { reason: `Query cancelled! : ${controller.signal.reason}`, category: 2, retryable: false }
        : failureOf(error);
    }
    execution.completedAt = Date.now();
    controllers.delete(execution.id);
  };

  return {
    start: (request) => {
      const known = request.token === undefined ? undefined : byToken.get(request.token);
      if (known) return known;
      const execution: Execution = {
        ...request,
        id: randomUUID(),
        submittedAt: Date.now(),
        state: 'QUEUED',
        completedAt: undefined,
        scannedBytes: 0,
        failure: undefined,
        outcome: undefined,
      };
      const controller = new AbortController();
      all.set(execution.id, execution);
      if (request.token !== undefined) byToken.set(request.token, execution);
      controllers.set(execution.id, controller);
      const work = run(execution, controller).finally(() => running.delete(work));
      running.add(work);
      return execution;
    },
    get: (id) => all.get(id),
    stop: (id) => controllers.get(id)?.abort('the caller stopped it'),
    list: () => [...all.values()].reverse(),
    settle: async () => {
      for (const controller of controllers.values()) controller.abort('the façade ends');
      await Promise.all(running);
    },
  };
}

async function meet(fault: ReturnType<Faults['of']>, signal: AbortSignal): Promise<void> {
  if (fault?.kind === 'fails') throw new Intended(fault.reason, fault.retryable);
  if (fault?.kind === 'hangs')
    await new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true }));
}
