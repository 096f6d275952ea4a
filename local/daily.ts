const DAY_MS = 86_400_000;

/** Work that is done at once, and then once a day. */
export interface Daily {
  /** Resolves once the work under way is done. */
  close(): Promise<void>;
}

export function daily(work: () => Promise<void>, onError: (error: unknown) => void): Daily {
  let last: Promise<void> = Promise.resolve();
  const begin = (): void => {
    last = last.then(work).catch(onError);
  };
  const timer = setInterval(begin, DAY_MS);
  timer.unref();
  begin();
  return {
    close: async () => {
      clearInterval(timer);
      await last;
    },
  };
}
