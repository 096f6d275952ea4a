import { useMemo } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import { useQuestion } from '../../http/use-question.ts';
import { shareShown } from '../../parts/amounts.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { PipelineName, Text } from '../../parts/name.tsx';
import { hasFailed } from '../../parts/run-facts.ts';
import { Empty, Loaded } from '../../parts/state.tsx';
import { Status } from '../../parts/status.tsx';
import { useNarrow } from '../../parts/use-narrow.ts';
import { When } from '../../parts/when.tsx';
import { runHref, runsHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { nowMs } from '../../time/clock.ts';
import { dateAfter, dateIn } from '../../time/zone.ts';
import {
  type DayCell,
  datesUntil,
  daysByPipeline,
  dayWords,
  type PipelineRow,
  pipelineIn,
  pipelineKey,
  toneOfDay,
} from './grid.ts';

const SORTS = [
  ['', 'trouble first'],
  ['name', 'name'],
  ['slow', 'slowest'],
  ['runs', 'most runs'],
] as const;
const DAYS = [
  ['', '14 days'],
  ['30', '30 days'],
  ['60', '60 days'],
] as const;

/** Every pipeline with its days in a grid. */
export function PipelinesView({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const isNarrow = useNarrow();
  const count = Number(query.days || 14);
  const today = dateIn(nowMs(), 'UTC');
  const dates = datesUntil(today, isNarrow ? 7 : count);
  const given = {
    since: dateAfter(today, 1 - Math.max(count, 14)),
    process_name: query.pipeline,
    environment: query.environment,
    owner: query.owner,
  };
  const pipelines = useQuestion('pipelines', given);
  const perDay = useQuestion('runs-per-day', given);
  const days = useMemo(() => daysByPipeline(perDay.value ?? []), [perDay.value]);
  return (
    <>
      <header class="view-head">
        <h1>Pipelines</h1>
      </header>
      <form class="filters" aria-label="Filter pipelines" onSubmit={(event) => event.preventDefault()}>
        <Field name="pipeline" label="Pipeline" value={query.pipeline} hint="name, or part*" />
        <Field name="environment" label="Environment" value={query.environment} hint="prod" />
        <Field name="owner" label="Owner" value={query.owner} hint="team" />
        <Choice name="sort" label="Order" value={query.sort} options={SORTS} />
        <Choice name="days" label="Show" value={query.days} options={DAYS} />
      </form>
      <Loaded data={pipelines} what="pipelines">
        {(rows) => {
          const all = sorted(rows.map(pipelineIn), query.sort ?? '');
          if (all.length === 0)
            return (
              <Empty title="No pipeline ran in these days">
                <p>
                  <Link to="/pipelines">Take the filters away</Link>, or <Link to="/send">send the first run</Link>.
                </p>
              </Empty>
            );
          return (
            <>
              <p class="hint">
                {countShown(all.length)} pipelines. Days are UTC, the last is {today}. A number in a cell counts its
                failures.
              </p>
              <div class="table-frame">
                <table class="pipelines" aria-label="Pipelines">
                  <thead>
                    <tr>
                      <th scope="col">Pipeline</th>
                      <th scope="col">Last run</th>
                      <th scope="col" class="days">
                        <DateHeads dates={dates} />
                      </th>
                      <th scope="col" class="number">
                        Success
                      </th>
                      <th scope="col" class="number">
                        Median
                      </th>
                      <th scope="col" class="number">
                        P95
                      </th>
                      <th scope="col">Owner</th>
                    </tr>
                  </thead>
                  <tbody>
                    {all.map((row) => (
                      <PipelineLine
                        key={pipelineKey(row.environment, row.process_name)}
                        row={row}
                        dates={dates}
                        days={days.get(pipelineKey(row.environment, row.process_name))}
                      />
                    ))}
                  </tbody>
                </table>
              </div>
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function sorted(rows: readonly PipelineRow[], order: string): readonly PipelineRow[] {
  const byName = (a: PipelineRow, b: PipelineRow): number =>
    a.process_name.localeCompare(b.process_name) || a.environment.localeCompare(b.environment);
  const weight = ({ last_status, success_rate }: PipelineRow): number =>
    (hasFailed(last_status) ? 2 : 0) + (1 - (success_rate ?? 1));
  const orders: Readonly<Record<string, (a: PipelineRow, b: PipelineRow) => number>> = {
    name: byName,
    slow: (a, b) => (b.p95_duration_ms ?? -1) - (a.p95_duration_ms ?? -1),
    runs: (a, b) => b.runs - a.runs,
  };
  const compare = orders[order] ?? ((a, b) => weight(b) - weight(a));
  return [...rows].sort((a, b) => compare(a, b) || byName(a, b));
}

function DateHeads({ dates }: { readonly dates: readonly string[] }) {
  return (
    <span class="cells">
      {dates.map((date) => (
        <span key={date} title={date}>
          {date.slice(8)}
        </span>
      ))}
    </span>
  );
}

function PipelineLine({
  row,
  dates,
  days,
}: {
  readonly row: PipelineRow;
  readonly dates: readonly string[];
  readonly days: ReadonlyMap<string, DayCell> | undefined;
}) {
  return (
    <tr>
      <th scope="row" class="c-pipeline">
        <PipelineName of={row} />
      </th>
      <td class="c-last">
        {row.last_run_id !== null && (
          <Link
            to={runHref({ ...row, run_id: row.last_run_id })}
            title={row.last_error_message?.slice(0, 500) ?? row.last_run_id}
          >
            <Status status={row.last_status} />
          </Link>
        )}{' '}
        <small class="hint">
          <When at={row.last_start_time} />
        </small>
      </td>
      <td class="days">
        <span class="cells">
          {dates.map((date) => (
            <DayBox key={date} row={row} date={date} cell={days?.get(date)} />
          ))}
        </span>
      </td>
      <td class="number c-rate">{shareShown(row.success_rate)}</td>
      <td class="number c-median">{durationShown(row.p50_duration_ms)}</td>
      <td class="number c-p95">{durationShown(row.p95_duration_ms)}</td>
      <td class="c-owner">
        <Text of={row.owner} />
      </td>
    </tr>
  );
}

function DayBox({
  row,
  date,
  cell,
}: {
  readonly row: PipelineRow;
  readonly date: string;
  readonly cell: DayCell | undefined;
}) {
  if (cell === undefined || cell.runs === 0) return <span class="day none" title={`${date}: no run`} />;
  const to = runsHref({
    pipeline: row.process_name,
    environment: row.environment,
    since: date,
    until: dateAfter(date, 1),
  });
  const words = dayWords(cell);
  return (
    <Link to={to} class={`day ${toneOfDay(cell)}`} title={words} aria-label={words}>
      {cell.failed > 0 ? cell.failed : ''}
    </Link>
  );
}
