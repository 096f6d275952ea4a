import { type Answer, type AnswerLimits, QueryRejectedError, tooLong } from '../../core/ports/answer-engine.ts';
import { EngineUnavailableError } from '../../core/ports/query-engine.ts';
import type { DatabaseOptions } from './database.ts';
import { type Engine, EngineEnded, startEngine } from './engine.ts';
import type { JsonRow, Lake } from './lake.ts';
import { processLimitMb } from './process-limit.ts';

/** Questions that run at one time; others wait for their turn. */
const QUESTIONS_AT_ONCE = 4;
/** DuckDB interrupts a question at its limit; a process that has not answered this long after it is ended. */
const GRACE_MS = 1_000;

/**
 * Opens the lake in a process of its own, and starts that process again whenever it ends. A question that ends it is
 * refused. The ledger's own statements that ended with it are run again, so each may run twice; what ends it by itself
 * fails the second time.
 */
export async function openLakeProcess(options: DatabaseOptions): Promise<Lake> {
  let engine: Promise<Engine> | undefined;
  let isClosed = false;

  function running(): Promise<Engine> {
    if (isClosed) return Promise.reject(new EngineUnavailableError('the ledger is closed; open it again'));
    if (engine) return engine;
    const started = startEngine(options);
    engine = started;
    const forget = (): void => {
      if (engine === started) engine = undefined;
    };
    started.then(({ ended }) => ended.then(forget), forget);
    return started;
  }

  async function run(schema: string, statements: readonly string[]): Promise<readonly JsonRow[]> {
    for (let endsAlone = 0; ; ) {
      const { call, ended } = await running();
      try {
        return (await call({ kind: 'run', schema, statements })).rows as readonly JsonRow[];
      } catch (error) {
        if (!(error instanceof EngineEnded)) throw error;
        // A question that did it is not asked again, and somebody who killed the process did it once: this ends.
        if (!error.wasAsked) endsAlone += 1;
        if (endsAlone > 1) throw error;
        await ended;
      }
    }
  }

  async function answer(sql: string, limits: AnswerLimits): Promise<Answer> {
    const { call, kill } = await running();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      kill();
    }, limits.timeoutMs + GRACE_MS);
    try {
      const { answer, rows } = await call({ kind: 'ask', sql, limits });
      if (answer === undefined) throw new Error('expected an answer with its columns, got rows alone');
      return { ...answer, rows: rows as Answer['rows'] };
    } catch (error) {
      if (!(error instanceof EngineEnded)) throw error;
      throw isLate ? tooLong(limits.timeoutMs, error) : new QueryRejectedError(tooMuch(error), { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  const tooMuch = ({ message }: EngineEnded): string =>
    `${message}: this question, or one asked at the same time, took longer than it may or more memory than ${processLimitMb(options.memoryLimitMb).toLocaleString('en')} MB; ask for fewer days, rows or columns`;

  await running();
  return {
    root: options.root,
    run,
    answer: inTurns(QUESTIONS_AT_ONCE, answer),
    close: async () => {
      isClosed = true;
      await (await engine?.catch(() => undefined))?.close();
    },
  };
}

/** At most so many calls at one time; the others in the order they came. */
function inTurns<A extends readonly unknown[], T>(
  most: number,
  work: (...given: A) => Promise<T>,
): (...given: A) => Promise<T> {
  const queue: (() => void)[] = [];
  let free = most;
  return async (...given) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work(...given);
    } finally {
      const next = queue.shift();
      if (next) next();
      else free += 1;
    }
  };
}
