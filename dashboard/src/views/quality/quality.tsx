import { useMemo } from 'preact/hooks';
import { countShown } from '../../../../core/format.ts';
import { numberIn, type Row, textIn } from '../../http/rows.ts';
import { useQuestion } from '../../http/use-question.ts';
import { shareShown } from '../../parts/amounts.ts';
import { Chart } from '../../parts/chart.tsx';
import { Field } from '../../parts/field.tsx';
import { Environment, RunName, Text } from '../../parts/name.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { useNarrow } from '../../parts/use-narrow.ts';
import { hrefOf } from '../../router/address.ts';
import { datasetHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { nowMs } from '../../time/clock.ts';
import { dateIn } from '../../time/zone.ts';
import { datesUntil } from '../pipelines/grid.ts';
import { type DatasetQuality, qualityByDataset } from './scores.ts';

/** How good the data are: every dataset that is checked, with its days. */
export function QualityView({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const isNarrow = useNarrow();
  const dates = datesUntil(dateIn(nowMs(), 'UTC'), isNarrow ? 7 : 21);
  const data = useQuestion('quality-by-dataset', {
    since: '30d',
    dataset: query.dataset,
    environment: query.environment,
  });
  const datasets = useMemo(() => qualityByDataset(data.value ?? []), [data.value]);
  return (
    <>
      <header class="view-head">
        <h1>Quality</h1>
      </header>
      <form class="filters" aria-label="Filter datasets" onSubmit={(event) => event.preventDefault()}>
        <Field name="dataset" label="Dataset" value={query.dataset} hint="*orders*" />
        <Field name="environment" label="Environment" value={query.environment} hint="prod" />
      </form>
      <Loaded data={data} what="quality">
        {(rows) =>
          datasets.length === 0 ? (
            <Empty title="No check of data was told in 30 days">
              <p>
                An event tells them in <code>quality</code>:{' '}
                <code>{'{"dataset": "lake.orders", "check_name": "no_null_ids", "success": true}'}</code>
              </p>
            </Empty>
          ) : (
            <>
              <p class="hint">
                The score is the share of checks that passed. Days are UTC; a number in a cell counts failed checks.
              </p>
              <div class="table-frame">
                <table class="pipelines" aria-label="Datasets">
                  <thead>
                    <tr>
                      <th scope="col">Dataset</th>
                      <th scope="col" class="number">
                        Score
                      </th>
                      <th scope="col" class="days">
                        <span class="cells">
                          {dates.map((date) => (
                            <span key={date} title={date}>
                              {date.slice(8)}
                            </span>
                          ))}
                        </span>
                      </th>
                      <th scope="col" class="number">
                        Checks
                      </th>
                      <th scope="col">Last failed check</th>
                      <th scope="col">Last run</th>
                    </tr>
                  </thead>
                  <tbody>
                    {datasets.map((each) => (
                      <DatasetLine key={`${each.environment}\n${each.dataset}`} of={each} dates={dates} />
                    ))}
                  </tbody>
                </table>
              </div>
              {datasets.length === 1 && <ScoreChart rows={rows} />}
            </>
          )
        }
      </Loaded>
    </>
  );
}

function DatasetLine({ of, dates }: { readonly of: DatasetQuality; readonly dates: readonly string[] }) {
  return (
    <tr>
      <th scope="row" class="c-pipeline">
        <span class="pipeline">
          <Link to={hrefOf(['quality'], { dataset: of.dataset })} title={of.dataset}>
            <Text of={of.dataset} />
          </Link>
          <Environment of={of.environment} />
        </span>
      </th>
      <td class={`number ${of.score === 1 ? 'good' : 'bad'}`}>{shareShown(of.score)}</td>
      <td class="days">
        <span class="cells">
          {dates.map((date) => {
            const cell = of.days.get(date);
            const words =
              cell === undefined ? `${date}: no check` : `${date}: ${cell.failed} of ${cell.checks} checks failed`;
            const tone =
              cell === undefined ? 'none' : cell.failed === 0 ? 'good' : cell.failed === cell.checks ? 'bad' : 'some';
            return (
              <span key={date} class={`day ${tone}`} title={words} role="img" aria-label={words}>
                {cell !== undefined && cell.failed > 0 ? cell.failed : ''}
              </span>
            );
          })}
        </span>
      </td>
      <td class="number">{countShown(of.checks)}</td>
      <td class="c-owner">
        <Text of={of.lastFailedCheck} />
      </td>
      <td class="c-owner">
        {of.lastRunId !== null && (
          <RunName of={{ environment: of.environment, process_name: null, run_id: of.lastRunId }} />
        )}{' '}
        <Link to={datasetHref(of.dataset)}>lineage</Link>
      </td>
    </tr>
  );
}

function ScoreChart({ rows }: { readonly rows: readonly Row[] }) {
  const drawn = useMemo(() => {
    const sorted = [...rows].sort((a, b) => (textIn(a, 'day') ?? '').localeCompare(textIn(b, 'day') ?? ''));
    return {
      at: sorted.map((row) => Date.parse(`${textIn(row, 'day')?.slice(0, 10)}T00:00:00Z`)),
      lines: [{ label: 'Score', colour: '--fill-good', values: sorted.map((row) => numberIn(row, 'quality_score')) }],
    };
  }, [rows]);
  return drawn.at.length < 2 ? null : (
    <Section title="Score by day">
      <div class="panel">
        <Chart label="Quality score by day" at={drawn.at} lines={drawn.lines} show={shareShown} />
      </div>
    </Section>
  );
}
