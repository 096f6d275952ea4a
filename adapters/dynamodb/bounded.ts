/**
 * Works on every value, at most `atOnce` at a time, and returns the results in the order of the values. After the first
 * failure no other work is begun; that failure is thrown once the work under way has ended.
 */
export async function eachBounded<Value, Result>(
  values: readonly Value[],
  atOnce: number,
  work: (value: Value) => Promise<Result>,
): Promise<readonly Result[]> {
  const waiting = values.entries();
  const results: Result[] = [];
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [at, value] of waiting) {
      try {
        results[at] = await work(value);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (failed) return;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, values.length) }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return results;
}
