import { useMemo } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import { numberIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { bytesShown, shareShown } from '../../parts/amounts.ts';
import { Chart } from '../../parts/chart.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Text } from '../../parts/name.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { Link } from '../../router/use-address.tsx';
import { Cost } from './cost.tsx';

const BY = [
  ['', 'week'],
  ['day', 'day'],
] as const;
const SINCE = [
  ['', '90 days'],
  ['30d', '30 days'],
  ['365d', 'a year'],
] as const;

/** The numbers that managers ask for. */
export function NumbersView({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const { by, since, environment, owner, pipeline } = query;
  const given = { since: since ?? '90d', environment, owner, process_name: pipeline };
  const data = useQuestion('kpis', { ...given, by: by ?? 'week' }, { on: [] });
  return (
    <>
      <header class="view-head">
        <h1>Numbers</h1>
      </header>
      <form class="filters" aria-label="Filter numbers" onSubmit={(event) => event.preventDefault()}>
        <Choice name="by" label="By" value={by} options={BY} />
        <Choice name="since" label="Since" value={since} options={SINCE} />
        <Field name="environment" label="Environment" value={environment} hint="prod" />
        <Field name="owner" label="Owner" value={owner} hint="team" />
        <Field name="pipeline" label="Pipeline" value={pipeline} hint="name, or part*" />
      </form>
      <Loaded data={data} what="the numbers">
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="No run ended in this time">
              <p>
                <Link to="/numbers">Take the filters away</Link>, or <Link to="/send">send the first run</Link>.
              </p>
            </Empty>
          ) : (
            <Kpis rows={rows} />
          )
        }
      </Loaded>
      <Cost given={given} />
    </>
  );
}

function Kpis({ rows }: { readonly rows: readonly Row[] }) {
  const environments = [...new Set(rows.map((row) => textIn(row, 'environment')))].slice(0, 6);
  const success = useMemo(() => {
    const periods = [...new Set(rows.flatMap((row) => textIn(row, 'period')?.slice(0, 10) ?? []))].sort();
    const rates = new Map(
      rows.map((row) => [
        `${textIn(row, 'environment')} ${textIn(row, 'period')?.slice(0, 10)}`,
        numberIn(row, 'success_rate'),
      ]),
    );
    return {
      at: periods.map((period) => Date.parse(`${period}T00:00:00Z`)),
      lines: environments.map((environment, at) => ({
        label: environment ?? '–',
        colour:
          ['--fill-good', '--fill-live', '--fill-doubtful', '--fill-bad', '--ink-2', '--line-strong'][at] ?? '--ink-2',
        values: periods.map((period) => rates.get(`${environment} ${period}`) ?? null),
      })),
    };
  }, [rows]);
  return (
    <>
      {success.at.length > 1 && (
        <Section title="Success rate">
          <div class="panel">
            <Chart label="Success rate" at={success.at} lines={success.lines} show={shareShown} />
          </div>
        </Section>
      )}
      <DataTable
        label="Numbers by period"
        rows={rows}
        columns={[
          { head: 'From', cell: (row) => textIn(row, 'period')?.slice(0, 10) },
          { head: 'Environment', cell: (row) => <Text of={textIn(row, 'environment')} /> },
          { head: 'Runs', isNumber: true, cell: (row) => countShown(numberIn(row, 'runs')) },
          { head: 'Failed', isNumber: true, cell: (row) => countShown(numberIn(row, 'failed')) },
          {
            head: 'Success',
            isNumber: true,
            cell: (row) => shareShown(numberIn(row, 'success_rate')),
            means: 'of the runs that ended or were lost, the share that did not fail',
          },
          { head: 'Mean', isNumber: true, cell: (row) => durationShown(numberIn(row, 'mean_duration_ms')) },
          { head: 'P95', isNumber: true, cell: (row) => durationShown(numberIn(row, 'p95_duration_ms')) },
          { head: 'Read', isNumber: true, cell: (row) => bytesShown(numberIn(row, 'data_size_bytes_in')) },
          { head: 'Written', isNumber: true, cell: (row) => bytesShown(numberIn(row, 'data_size_bytes_out')) },
          { head: 'Incidents', isNumber: true, cell: (row) => countShown(numberIn(row, 'incidents')) },
          {
            head: 'MTTD',
            isNumber: true,
            cell: (row) => durationShown(numberIn(row, 'mttd_ms')),
            means: 'mean time from the beginning of a trouble to its detection',
          },
          {
            head: 'MTTR',
            isNumber: true,
            cell: (row) => durationShown(numberIn(row, 'mttr_ms')),
            means: 'mean time from the beginning of a trouble to its end',
          },
        ]}
      />
    </>
  );
}
