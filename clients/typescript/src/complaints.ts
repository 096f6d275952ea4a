import type { LedgerSettings } from './ledger-options.ts';
import type { Runtime } from './runtime.ts';
import type { Complain } from './wire-value.ts';

/** Tells a problem to who listens; else the first one as a warning of the process. With RUNLEDGER_DEBUG each is a warning. */
export function complaintsOf(settings: Pick<LedgerSettings, 'onError' | 'debug'>, runtime: Runtime): Complain {
  const { onError, debug } = settings;
  let warned = false;
  return (error) => {
    try {
      onError?.(error);
      if (debug) runtime.warn(error.message);
      else if (!onError && !warned)
        runtime.warn(`${error.message}. The pipeline goes on; ledger.stats() counts what is lost.`);
      warned = true;
    } catch {
      // An error thrown by `onError` must not break the pipeline either.
    }
  };
}
