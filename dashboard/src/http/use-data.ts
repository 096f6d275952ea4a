import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { noteLook, onChange, type Topic } from './live.ts';

/** What was asked for, as far as it has come. */
export interface Data<T> {
  /** What came last, also while newer data are asked for, or could not be had. */
  readonly value: T | undefined;
  readonly error: Error | undefined;
  /** Nothing has come yet. */
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface DataOptions {
  /** Asks again when one of these changes; never more often than `everyMs`, nor than answers take. */
  readonly on?: readonly Topic[];
  readonly everyMs?: number;
  /** Asks nothing as long as this is so. */
  readonly waits?: boolean;
  /** What is there is not asked again before a reader wants it. */
  readonly asksOnce?: boolean;
}

/** Answers by what was asked, so that going back shows at once what was there. */
const kept = new Map<string, unknown>();
const MOST_KEPT = 60;

function keep(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  const [first] = kept.keys();
  if (kept.size > MOST_KEPT && first !== undefined) kept.delete(first);
}

/** Forgets every answer: another person signed in. */
export const forgetData = (): void => kept.clear();

/**
 * Asks for data, and again when they may have changed. `key` says what is asked: another key is another question. A
 * reader whose page is hidden asks nothing until it is seen again.
 */
export function useData<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { on = [], everyMs = 1_000, waits = false, asksOnce = false }: DataOptions = {},
): Data<T> {
  const [state, setState] = useState<{ key: string; error: Error | undefined; count: number }>({
    key,
    error: undefined,
    count: 0,
  });
  const loading = useRef<{ load: typeof load; again: () => void }>({ load, again: () => undefined });
  loading.current.load = load;
  const topics = on.join(',');

  useEffect(() => {
    let abort: AbortController | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOwed = false;
    let notBefore = 0;

    async function run(): Promise<void> {
      abort = new AbortController();
      const { signal } = abort;
      const startedAt = performance.now();
      isOwed = false;
      try {
        keep(key, await loading.current.load(signal));
        if (topics !== '') noteLook();
        if (!signal.aborted) setState(({ count }) => ({ key, error: undefined, count: count + 1 }));
      } catch (cause) {
        if (signal.aborted) return;
        const error = cause instanceof Error ? cause : new Error(String(cause));
        setState(({ count }) => ({ key, error, count: count + 1 }));
      }
      if (signal.aborted) return;
      const tookMs = performance.now() - startedAt;
      notBefore = performance.now() + Math.max(everyMs, 4 * tookMs);
      abort = undefined;
      if (isOwed) plan();
    }

    function plan(): void {
      isOwed = true;
      if (abort !== undefined || timer !== undefined || document.hidden) return;
      timer = setTimeout(
        () => {
          timer = undefined;
          if (!document.hidden) void run();
        },
        Math.max(0, notBefore - performance.now()),
      );
    }

    const seen = (): void => {
      if (!document.hidden && isOwed) plan();
    };
    loading.current.again = () => {
      notBefore = 0;
      clearTimeout(timer);
      timer = undefined;
      plan();
    };
    if (!waits && !(asksOnce && kept.has(key))) void run();
    const stop = topics === '' ? () => undefined : onChange(topics.split(',') as Topic[], plan);
    document.addEventListener('visibilitychange', seen);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', seen);
      clearTimeout(timer);
      abort?.abort();
    };
  }, [key, topics, everyMs, waits, asksOnce]);

  const value = kept.get(key) as T | undefined;
  const error = state.key === key ? state.error : undefined;
  const reload = useCallback(() => loading.current.again(), []);
  return { value, error, isLoading: value === undefined && error === undefined, reload };
}
