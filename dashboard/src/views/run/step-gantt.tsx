import { useRef } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import type { ShownRun } from '../../http/ledger.ts';
import { Text } from '../../parts/name.tsx';
import { tookMs } from '../../parts/run-facts.ts';
import { Status, toneOfShown, wordOf } from '../../parts/status.tsx';
import { useNarrow } from '../../parts/use-narrow.ts';
import { Gap, useVirtualRows } from '../../parts/virtual-rows.tsx';
import { placesOf, type Span, spanOf } from './spans.ts';
import { stepKeyOf, type Try } from './tries.ts';

/** A step as it is drawn: its last try. */
export type DrawnStep = Pick<
  Try,
  | 'step_name'
  | 'map_index'
  | 'attempt'
  | 'status'
  | 'start_time'
  | 'end_time'
  | 'duration_ms'
  | 'records_in'
  | 'records_out'
>;

/** The steps of a run as bars on its time, every try of them. Two thousand scroll as smoothly as two. */
export function StepGantt({
  run,
  steps,
  tries,
  now,
}: {
  readonly run: ShownRun;
  readonly steps: readonly DrawnStep[];
  readonly tries: ReadonlyMap<string, readonly Try[]>;
  readonly now: number;
}) {
  const list = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useNarrow() ? 52 : 30;
  const { from, until, above, below } = useVirtualRows(list, steps.length, rowHeight);
  const whole = spanOf(run, steps, now);
  return (
    <div class="table-frame">
      <table class="gantt" aria-label="Steps" aria-rowcount={steps.length + 1}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col" class="wide">
              <span class="span">
                <span>0</span>
                <span>{durationShown(whole.untilMs - whole.fromMs)}</span>
              </span>
            </th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              In
            </th>
            <th scope="col" class="number">
              Out
            </th>
          </tr>
        </thead>
        <tbody ref={list}>
          <Gap height={above} columns={6} />
          {steps.slice(from, until).map((step, at) => (
            <StepRow
              key={stepKeyOf(step)}
              index={from + at + 2}
              tries={tries.get(stepKeyOf(step)) ?? []}
              {...{ step, run, whole, now }}
            />
          ))}
          <Gap height={below} columns={6} />
        </tbody>
      </table>
    </div>
  );
}

function StepRow({
  step,
  tries,
  run,
  whole,
  now,
  index,
}: {
  readonly step: DrawnStep;
  readonly tries: readonly Try[];
  readonly run: ShownRun;
  readonly whole: Span;
  readonly now: number;
  readonly index: number;
}) {
  const earlier = tries.slice(0, -1);
  const count = Math.max(tries.length, step.attempt ?? 1);
  return (
    <tr aria-rowindex={index}>
      <th scope="row" class="c-step" title={step.step_name ?? ''}>
        <Text of={step.step_name} />
        {step.map_index !== null && <small> #{step.map_index}</small>}
        {count > 1 && <small class="doubtful"> {count} tries</small>}
      </th>
      <td class="c-bar">
        {earlier.map((each) => (
          <Bar key={`${each.run_attempt} ${each.attempt}`} work={each} isEarlier {...{ run, whole, now }} />
        ))}
        <Bar work={step} {...{ run, whole, now }} />
      </td>
      <td class="c-status">
        <Status status={step.status} />
      </td>
      <td class="c-took number">{durationShown(tookMs({ ...step, last_event_at: run.last_event_at }, now))}</td>
      <td class="c-in number">{countShown(step.records_in)}</td>
      <td class="c-out number">{countShown(step.records_out)}</td>
    </tr>
  );
}

function Bar({
  work,
  run,
  whole,
  now,
  isEarlier = false,
}: {
  readonly work: DrawnStep;
  readonly run: ShownRun;
  readonly whole: Span;
  readonly now: number;
  readonly isEarlier?: boolean;
}) {
  const place = placesOf(work, run, whole, now);
  if (place === null) return null;
  const says = `${work.attempt === null ? '' : `try ${work.attempt}: `}${wordOf(work.status ?? '')}, ${durationShown(work.duration_ms)}`;
  return (
    <span
      class={`bar ${toneOfShown(work.status ?? '')} ${isEarlier ? 'earlier' : ''}`}
      style={{ left: `${place.left}%`, width: `${place.width}%` }}
      title={says}
    />
  );
}
