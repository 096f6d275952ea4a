import type { Step, Total } from './run.ts';
import { compareText } from './stamped.ts';
import { startOf } from './work-view.ts';

/** The totals of a run that are told at its edges. */
export type EdgeTotal = Exclude<Total, 'duration_ms'>;

/** What one step counted. */
export interface Count {
  readonly step: Step;
  readonly count: number;
}

/**
 * The counts at the edge of a run where `name` is told. What goes in is told by the steps that read a source which no
 * step of the run writes; what comes out, by those that write a target which none reads. Where no such step counted, by
 * the first, or the last, step that did, with all its instances.
 */
export function edgeOf(name: EdgeTotal, counts: readonly Count[], steps: readonly Step[]): readonly Count[] {
  const isIn = name === 'records_in' || name === 'data_size_bytes_in';
  const inside = new Set(steps.flatMap(({ reads = [], writes = [] }) => (isIn ? writes : reads)));
  const atEdge = counts.filter(({ step }) => ((isIn ? step.reads : step.writes) ?? []).some((id) => !inside.has(id)));
  if (atEdge.length > 0) return atEdge;
  const ordered = [...counts].sort((a, b) => compareSteps(a.step, b.step));
  const outermost = ordered.at(isIn ? 0 : -1)?.step.step_name;
  return counts.filter(({ step }) => step.step_name === outermost);
}

/** By when they began, then by index (none last), then by name. */
function compareSteps(a: Step, b: Step): number {
  const begunA = startOf(a.work) ?? a.work.first_event_at;
  const begunB = startOf(b.work) ?? b.work.first_event_at;
  if (begunA !== begunB) return begunA < begunB ? -1 : 1;
  return indexOf(a) - indexOf(b) || compareText(a.step_name, b.step_name);
}

/** The greatest number of the column's type: SQL compares no nulls. */
const indexOf = ({ step_index }: Step): number => step_index ?? 2_147_483_647;
