import { durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import { matches, specificity } from '../pipelines/pattern.ts';
import type { StepState } from '../run/step-view.ts';
import type { ToldRun } from '../run/told-run.ts';
import { hasEnded } from '../run/work-view.ts';
import type { Condition } from './condition.ts';
import { shownBy } from './shown-by.ts';

/** Steps of a run that take longer than the file allows, whether they end or not. Of the instances of one step, the first. */
export function judgeSteps(
  { steps: limits }: Expectation,
  { run, steps }: ToldRun,
  isOpen: boolean,
  now: Instant,
): { readonly conditions: readonly Condition[]; readonly checks: readonly Instant[] } {
  if (limits === undefined || run.status === 'CANCELLED' || run.status === 'SKIPPED')
    return { conditions: [], checks: [] };
  const patterns = Object.entries(limits).sort(([a], [b]) => specificity(b) - specificity(a));
  const found = steps.flatMap((step) => {
    const allowed = patterns.find(([pattern]) => matches(pattern, step.step_name ?? ''))?.[1].max_duration;
    const deadline =
      allowed === undefined || step.start_time === null ? undefined : instantAfter(step.start_time, allowed);
    return deadline === undefined || allowed === undefined ? [] : [{ step, allowed, deadline }];
  });
  const late = found
    .filter(({ step, deadline }) => (endOf(step, isOpen, now) ?? '') > deadline)
    .sort((a, b) => (a.deadline < b.deadline ? -1 : 1));
  const [first] = late;
  return {
    conditions:
      first === undefined
        ? []
        : [
            {
              ...shownBy(run, 'SLA_BREACH', `${textOf(first.step, first.allowed)}${others(late.length - 1)}`),
              occurred_at: first.deadline,
            },
          ],
    checks: isOpen
      ? found.flatMap(({ step, deadline }) =>
          isRunning(step) && deadline >= now ? (instantAfter(deadline, 1) ?? []) : [],
        )
      : [],
  };
}

const isRunning = ({ status }: StepState): boolean => status === null || status === 'RUNNING';

/** Of a step that was left open, nobody knows when it ended. */
const endOf = (step: StepState, isOpen: boolean, now: Instant): Instant | null =>
  hasEnded(step.status ?? '') ? step.end_time : isOpen && isRunning(step) ? now : null;

const textOf = ({ step_name, status, start_time, end_time }: StepState, allowed: number): string =>
  hasEnded(status ?? '') && start_time !== null && end_time !== null
    ? `took ${durationShown(epochMsOf(end_time) - epochMsOf(start_time))} in its step ${step_name}, at most ${durationShown(allowed)} was expected`
    : `has been in its step ${step_name} for longer than the expected ${durationShown(allowed)}`;

const others = (count: number): string => (count === 0 ? '' : `, and ${count} more of its steps took too long`);
