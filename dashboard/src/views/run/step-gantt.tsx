import { useRef } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import type { ShownRun, Step } from '../../http/ledger.ts';
import { Text } from '../../parts/name.tsx';
import { tookMs } from '../../parts/run-facts.ts';
import { Status, toneOfShown } from '../../parts/status.tsx';
import { useNarrow } from '../../parts/use-narrow.ts';
import { Gap, useVirtualRows } from '../../parts/virtual-rows.tsx';
import { placesOf, spanOf } from './spans.ts';

/** The steps of a run as bars on its time. Two thousand of them scroll as smoothly as two. */
export function StepGantt({
  run,
  steps,
  now,
}: {
  readonly run: ShownRun;
  readonly steps: readonly Step[];
  readonly now: number;
}) {
  const list = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useNarrow() ? 52 : 30;
  const { from, until, above, below } = useVirtualRows(list, steps.length, rowHeight);
  const whole = spanOf(run, steps, now);
  return (
    <div class="table-frame">
      <table class="gantt" aria-rowcount={steps.length + 1}>
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
          {steps.slice(from, until).map((step, at) => {
            const place = placesOf(step, run, whole, now);
            return (
              <tr key={`${step.step_index} ${step.map_index} ${step.step_name}`} aria-rowindex={from + at + 2}>
                <th scope="row" class="c-step" title={step.step_name ?? ''}>
                  <Text of={step.step_name} />
                  {step.map_index !== null && <small> #{step.map_index}</small>}
                  {(step.attempt ?? 1) > 1 && <small title="the shown try"> try {step.attempt}</small>}
                </th>
                <td class="c-bar">
                  {place !== null && (
                    <span
                      class={`bar ${toneOfShown(step.status ?? '')}`}
                      style={{ left: `${place.left}%`, width: `${place.width}%` }}
                    />
                  )}
                </td>
                <td class="c-status">
                  <Status status={step.status} />
                </td>
                <td class="c-took number">
                  {durationShown(tookMs({ ...step, last_event_at: run.last_event_at }, now))}
                </td>
                <td class="c-in number">{countShown(step.records_in)}</td>
                <td class="c-out number">{countShown(step.records_out)}</td>
              </tr>
            );
          })}
          <Gap height={below} columns={6} />
        </tbody>
      </table>
    </div>
  );
}
