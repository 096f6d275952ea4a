import type { Tone } from '../../../core/run/status-tone.ts';
import { toneOf } from '../../../core/run/status-tone.ts';

/** A status, as a sign and a word: never as a colour alone. */
const SIGNS: Readonly<Record<string, string>> = {
  SUCCESS: 'M2.5 6.5 5 9l4.5-6',
  FAILED: 'M3 3l6 6M9 3l-6 6',
  TIMED_OUT: 'M3 2h6L3 10h6L3 2',
  LOST: 'M4 4.2a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M6 9.6v.2',
  CANCELLED: 'M10 6a4 4 0 1 1-8 0 4 4 0 0 1 8 0M3.2 8.8l5.6-5.6',
  SKIPPED: 'M2.5 3l3.5 3-3.5 3M6.5 3 10 6 6.5 9',
  RETRY: 'M9.5 6a3.5 3.5 0 1 1-1-2.5M9 1.5v2.2H6.8',
  RUNNING: 'M4 2.5v7L9.5 6z',
  QUEUED: 'M2.5 6h.2M6 6h.2M9.5 6h.2',
  SUSPECT: 'M6 2.5v4.3M6 9.3v.2',
  ABANDONED: 'M2.5 6h7',
  MISSED: 'M6 1.8 10.2 6 6 10.2 1.8 6z',
  WAITING: 'M6 3v3l2 1.5M10.2 6a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0',
  LATE: 'M6 3v3l2 1.5M10.2 6a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0',
};

const WORDS: Readonly<Record<string, string>> = {
  SUCCESS: 'Success',
  FAILED: 'Failed',
  TIMED_OUT: 'Timed out',
  LOST: 'Lost',
  CANCELLED: 'Cancelled',
  SKIPPED: 'Skipped',
  RETRY: 'Retry',
  RUNNING: 'Running',
  QUEUED: 'Queued',
  SUSPECT: 'Suspect',
  ABANDONED: 'Abandoned',
  MISSED: 'Missed',
  WAITING: 'Waiting',
  LATE: 'Late',
};

/** What each status means, for who rests on it. */
const MEANINGS: Readonly<Record<string, string>> = {
  LOST: 'no event for longer than it promised: it is taken for dead',
  SUSPECT: 'silent for longer than usual; it may still come back',
  ABANDONED: 'left open in a run that ended',
  RETRY: 'it failed and will be tried again',
  QUEUED: 'it waits for its start',
  MISSED: 'nothing started when it should have',
};

export const wordOf = (status: string): string => WORDS[status] ?? status;

export const toneOfShown = (status: string): Tone =>
  status === 'MISSED' ? 'bad' : status === 'LATE' ? 'doubtful' : toneOf(status);

export function Sign({ status }: { readonly status: string }) {
  return (
    <svg class={`sign ${toneOfShown(status)}`} viewBox="0 0 12 12" aria-hidden="true">
      <path d={SIGNS[status] ?? 'M6 5.9v.2'} />
    </svg>
  );
}

export function Status({ status }: { readonly status: string | null }) {
  const known = status ?? 'UNKNOWN';
  return (
    <span class={`status ${toneOfShown(known)}`} title={MEANINGS[known]}>
      <Sign status={known} />
      {wordOf(known)}
    </span>
  );
}
