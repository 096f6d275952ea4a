import { epochMsOf, type Instant, instantAfter } from '../core/instant.ts';
import type { Slots } from '../core/schedule/schedule.ts';

/** What a job tells a monitor by pings. */
export interface Ping {
  readonly at: Instant;
  readonly action: 'start' | 'success' | 'fail';
  readonly run_id: string;
}

/**
 * When a check of healthchecks.io would have gone down, by its documented rules (healthchecks.io/docs: Configuring Checks,
 * Measuring Script Run Time, Signaling Failures): it is down when no success has come by the scheduled time that follows the
 * last ping, and the grace time; when none has come within the grace time after a start; and at once at a failure. Of runs
 * with ids only the one that started last is timed. While it is down it says nothing more; a success ends that.
 */
export function downsOf(
  pings: readonly Ping[],
  slots: Slots,
  graceMs: number,
  since: Instant,
  until: Instant,
): readonly Instant[] {
  const downs: Instant[] = [];
  let lastPing = since;
  let started: Ping | undefined;
  let isDown = false;
  const passTo = (moment: Instant): void => {
    if (isDown) return;
    const expected = slots.after(lastPing);
    const byClock = expected && instantAfter(expected, graceMs);
    const byStart = started && instantAfter(started.at, graceMs);
    const [first] = [byClock, byStart].filter((at) => at !== undefined).sort();
    if (first === undefined || first > moment) return;
    downs.push(first);
    isDown = true;
  };
  for (const ping of [...pings].sort((a, b) => epochMsOf(a.at) - epochMsOf(b.at))) {
    passTo(ping.at);
    if (ping.action === 'start') {
      started = ping;
      continue;
    }
    lastPing = ping.at;
    if (started?.run_id === ping.run_id || ping.action === 'fail') started = undefined;
    if (ping.action === 'fail' && !isDown) downs.push(ping.at);
    isDown = ping.action === 'fail';
  }
  passTo(until);
  return downs;
}
