import type { RestartTarget } from '../recovery/policy.ts';
import type { StartedRun } from '../recovery/recovery.ts';

/** Starts runs on one kind of target, and stops what it started. */
export interface Restarter {
  /**
   * Starts a run once: it never tries again by itself, and never rejects. Whoever receives the run sees its `run_id`, so
   * that it can tell a repetition.
   */
  start(start: Start): Promise<Started>;
  /** Stops what was started by the platform's own call, and confirms it by its state. Never rejects. */
  stop(handle: string): Promise<Stopped>;
}

/** What is to be started. */
export interface Start {
  readonly target: RestartTarget;
  readonly environment: string;
  readonly process_name: string;
  readonly run: StartedRun;
}

export type Started =
  | {
      readonly state: 'started';
      /** By which it is stopped; undefined: this target stops nothing. */
      readonly handle?: string | undefined;
      /** What the target calls it, for people. */
      readonly detail: string;
    }
  /** Certainly not: the target refused it, or was never reached. */
  | { readonly state: 'not_started'; readonly why: string }
  /** Nobody knows: no answer came, or one that says neither. */
  | { readonly state: 'unclear'; readonly why: string };

export type Stopped =
  | { readonly state: 'stopped'; readonly how: string }
  /** It had ended before. */
  | { readonly state: 'gone' }
  | { readonly state: 'not_stopped'; readonly why: string };
