/** What came of work that must not hold up the rest: its result, or what it threw. */
export const attempted = <Result>(
  work: Promise<Result>,
): Promise<{ readonly result?: Result; readonly errors: readonly unknown[] }> =>
  work.then(
    (result) => ({ result, errors: [] }),
    (error: unknown) => ({ errors: [error] }),
  );
