/** Works on every value, at most `atOnce` at a time. After the first failure nothing new is begun; it is thrown. */
export async function eachBounded<Value>(
  values: readonly Value[],
  atOnce: number,
  work: (value: Value) => Promise<unknown>,
): Promise<void> {
  const waiting = values[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const value of waiting) {
      try {
        await work(value);
      } catch (error) {
        failed = true;
        throw error;
      }
      if (failed) return;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, values.length) }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
