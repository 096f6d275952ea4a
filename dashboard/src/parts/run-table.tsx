import { useRef } from 'preact/hooks';
import { countShown, durationShown } from '../../../core/format.ts';
import type { ListedRun } from '../http/run-rows.ts';
import { runHref } from '../router/links.ts';
import { goTo } from '../router/use-address.tsx';
import { PipelineName, RunName, Text } from './name.tsx';
import { isLate, overSlaMs, startOf, tookMs } from './run-facts.ts';
import { Sign, Status } from './status.tsx';
import { useNarrow } from './use-narrow.ts';
import { Gap, useVirtualRows } from './virtual-rows.tsx';
import { useSecond, When } from './when.tsx';

const ROW_HEIGHT = 33;
const NARROW_ROW_HEIGHT = 62;

/** Runs as rows, however many: only those in sight are drawn. */
export function RunTable({ runs, label }: { readonly runs: readonly ListedRun[]; readonly label: string }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = useNarrow() ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const { from, until, above, below } = useVirtualRows(body, runs.length, rowHeight);
  const now = useSecond(runs.some(({ end_time }) => end_time === null) ? 1_000 : 60_000);
  return (
    <div class="table-frame">
      <table class="runs" aria-label={label} aria-rowcount={runs.length + 1}>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Pipeline</th>
            <th scope="col">Run</th>
            <th scope="col" class="number">
              Started
            </th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Records out
            </th>
            <th scope="col" class="wide">
              Error
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          <Gap height={above} columns={7} />
          {runs.slice(from, until).map((run, at) => (
            <RunRow
              key={`${run.environment}\n${run.process_name}\n${run.run_id}`}
              run={run}
              now={now}
              index={from + at + 2}
            />
          ))}
          <Gap height={below} columns={7} />
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run, now, index }: { readonly run: ListedRun; readonly now: number; readonly index: number }) {
  const open = (event: MouseEvent): void => {
    const isText = getSelection()?.toString() !== '';
    if (event.target instanceof Element && event.target.closest('a, button') === null && !isText) goTo(runHref(run));
  };
  const over = overSlaMs(run, now);
  return (
    <tr onClick={open} aria-rowindex={index}>
      <td class="c-status">
        <Status status={run.status} />
      </td>
      <td class="c-pipeline">
        <PipelineName of={run} />
      </td>
      <td class="c-run">
        <RunName of={run} />
        {(run.run_attempt ?? 1) > 1 && <small title="the run was tried again"> attempt {run.run_attempt}</small>}
      </td>
      <td class="c-start number">
        <When at={startOf(run)} />
      </td>
      <td class="c-took number">
        {over > 0 && (
          <span
            class="late"
            title={`${durationShown(over)} over its SLA of ${durationShown(run.expected_max_duration_ms)}`}
          >
            <Sign status="LATE" />
            <span class="hidden">{isLate(run, now) ? 'late' : 'over its SLA'} </span>
          </span>
        )}
        {durationShown(tookMs(run, now))}
      </td>
      <td class="c-records number">{countShown(run.records_out)}</td>
      <td class="c-error">
        <ErrorText run={run} />
      </td>
    </tr>
  );
}

export function ErrorText({ run }: { readonly run: Pick<ListedRun, 'error_code' | 'error_message' | 'error_step'> }) {
  if (run.error_code === null && run.error_message === null) return null;
  return (
    <span class="error-text" title={run.error_message?.slice(0, 2_000)}>
      {run.error_code !== null && (
        <code>
          <Text of={run.error_code} />
        </code>
      )}{' '}
      {run.error_message !== null && <Text of={firstLine(run.error_message)} />}
    </span>
  );
}

/** A message may be a whole stack trace, or five megabytes. */
const firstLine = (message: string): string => message.slice(0, 300).split('\n')[0] ?? '';
