import type { Instant } from '../instant.ts';
import type { RunState } from '../run/run-view.ts';
import { hasEnded } from '../run/work-view.ts';
import type { ShownStatus } from '../schema/status.ts';

/** It ended as it should: that nothing was to be done counts too. */
export const isGoodStatus = (status: ShownStatus | null): boolean => status === 'SUCCESS' || status === 'SKIPPED';

/** It may yet end: it has not, and is not lost. */
export const isOpenStatus = (status: ShownStatus | null): boolean =>
  status !== null && !hasEnded(status) && status !== 'LOST';

/** When a run began, as far as is known: its start, else its waiting, else the first that was heard of it. */
export const beginningOf = ({
  start_time,
  queued_at,
  first_event_at,
}: Pick<RunState, 'start_time' | 'queued_at' | 'first_event_at'>): Instant | null =>
  start_time ?? queued_at ?? first_event_at;
