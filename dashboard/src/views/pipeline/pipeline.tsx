import { useMemo } from 'preact/hooks';
import { countShown, durationShown } from '../../../../core/format.ts';
import { ledger } from '../../http/ledger.ts';
import { instantIn, numberIn, type Row, textIn } from '../../http/rows.ts';
import { runIn } from '../../http/run-rows.ts';
import { useData } from '../../http/use-data.ts';
import { useQuestion } from '../../http/use-question.ts';
import { shareShown } from '../../parts/amounts.ts';
import { Chart } from '../../parts/chart.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Environment, Text } from '../../parts/name.tsx';
import { hasFailed } from '../../parts/run-facts.ts';
import { RunTable } from '../../parts/run-table.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { Status } from '../../parts/status.tsx';
import { When } from '../../parts/when.tsx';
import { hrefOf } from '../../router/address.ts';
import { type PipelineRef, runHref, runsHref } from '../../router/links.ts';
import { goTo, Link } from '../../router/use-address.tsx';
import { IncidentList } from '../incidents/incident-list.tsx';
import { pipelineIn } from '../pipelines/grid.ts';
import { Expectation } from './expectation.tsx';
import { StepTimes } from './step-times.tsx';

/** One pipeline: how it went, how long it takes and its steps, what goes wrong, and what is expected of it. */
export function PipelineView({ of }: { readonly of: PipelineRef }) {
  const given = { process_name: of.process_name ?? '', environment: of.environment ?? '' };
  const isOwn = (row: Row): boolean => textIn(row, 'process_name') === of.process_name;
  const summary = useQuestion('pipelines', { ...given, since: '90d' });
  const runs = useQuestion('find-runs', { ...given, limit: 20, quality: 'no' });
  const incidents = useData(
    `incidents of ${JSON.stringify(given)}`,
    (signal) => ledger.incidents({ ...given, limit: 20 }, signal),
    { on: ['incidents'] },
  );
  return (
    <Loaded data={summary} what="the pipeline">
      {(rows) => {
        const row = rows.find(isOwn);
        const own = row && pipelineIn(row);
        return (
          <>
            <header class="view-head run-head">
              <h1>
                <Text of={of.process_name} />
                <Environment of={of.environment} />
              </h1>
            </header>
            {own === undefined ? (
              <Empty title="It has not run in 90 days">
                <p>
                  Look at{' '}
                  <Link to={runsHref({ pipeline: of.process_name ?? '', environment: of.environment ?? '' })}>
                    its older runs
                  </Link>
                  , or at <Link to="/pipelines">all pipelines</Link>.
                </p>
              </Empty>
            ) : (
              <Facts
                facts={[
                  [
                    'Last run',
                    own.last_run_id && (
                      <Link to={runHref({ ...of, run_id: own.last_run_id })}>
                        <Status status={own.last_status} />
                      </Link>
                    ),
                  ],
                  ['Started', <When key="started" at={own.last_start_time} />],
                  ['Last success', <When key="success" at={own.last_success_at} />],
                  ['Success, 90 days', `${shareShown(own.success_rate)} of ${countShown(own.runs)}`],
                  ['Median', durationShown(own.p50_duration_ms)],
                  ['95th percentile', durationShown(own.p95_duration_ms)],
                  ['Running now', own.open_runs > 0 ? countShown(own.open_runs) : null],
                  ['Owner', own.owner && <Text of={own.owner} />],
                ]}
              />
            )}
            {(incidents.value ?? []).some(({ status }) => status !== 'resolved') && (
              <Section title="Open incidents">
                <IncidentList incidents={(incidents.value ?? []).filter(({ status }) => status !== 'resolved')} />
              </Section>
            )}
            <Durations of={of} />
            <Section
              title="Runs"
              aside={
                <Link to={runsHref({ pipeline: of.process_name ?? '', environment: of.environment ?? '' })}>
                  All runs
                </Link>
              }
            >
              <Loaded data={runs} what="its runs">
                {(found) => <RunTable runs={found.filter(isOwn).map(runIn)} label="Its latest runs" />}
              </Loaded>
            </Section>
            <StepTimes of={of} />
            <ErrorCodes of={of} />
            <PipelineQuality of={of} />
            <Expectation of={of} />
          </>
        );
      }}
    </Loaded>
  );
}

/** How long its runs took, and what was usual for each. */
function Durations({ of }: { readonly of: PipelineRef }) {
  const data = useQuestion('duration-trend', {
    process_name: of.process_name ?? '',
    environment: of.environment ?? '',
    since: '90d',
    limit: 1000,
  });
  return (
    <Loaded data={data} what="its durations">
      {(rows) => <DurationChart rows={rows.filter((row) => textIn(row, 'process_name') === of.process_name)} of={of} />}
    </Loaded>
  );
}

function DurationChart({ rows, of }: { readonly rows: readonly Row[]; readonly of: PipelineRef }) {
  const drawn = useMemo(() => {
    const timed = rows
      .map((row) => ({ row, at: Date.parse(instantIn(row, 'start_time') ?? '') }))
      .filter(({ at, row }) => !Number.isNaN(at) && numberIn(row, 'duration_ms') !== null)
      .sort((a, b) => a.at - b.at);
    const values = (name: string, only?: (row: Row) => boolean) =>
      timed.map(({ row }) => (only === undefined || only(row) ? numberIn(row, name) : null));
    const failed = (row: Row): boolean => hasFailed(textIn(row, 'status'));
    return {
      at: timed.map(({ at }) => at),
      ids: timed.map(({ row }) => textIn(row, 'run_id')),
      lines: [
        { label: 'Usual at most', values: values('expected_high_ms'), colour: '--fill-live', shape: 'edge' as const },
        { label: 'Usual at least', values: values('expected_low_ms'), colour: '--fill-live', shape: 'edge' as const },
        { label: 'Usual', values: values('expected_mid_ms'), colour: '--fill-live', shape: 'dashed' as const },
        {
          label: 'Took',
          values: values('duration_ms', (row) => !failed(row)),
          colour: '--fill-good',
          shape: 'points' as const,
        },
        {
          label: 'Failed after',
          values: values('duration_ms', failed),
          colour: '--fill-bad',
          shape: 'points' as const,
        },
      ],
    };
  }, [rows]);
  if (drawn.at.length < 2) return null;
  return (
    <Section title="Durations" aside={<span class="hint">The band is what was usual; a click opens the run.</span>}>
      <div class="panel">
        <Chart
          label="Durations of its runs"
          at={drawn.at}
          lines={drawn.lines}
          band={BAND}
          show={durationShown}
          onOpen={(index) => goTo(runHref({ ...of, run_id: drawn.ids[index] ?? '' }))}
        />
      </div>
    </Section>
  );
}

const BAND = [0, 1] as const;

function ErrorCodes({ of }: { readonly of: PipelineRef }) {
  const data = useQuestion('error-codes', {
    process_name: of.process_name ?? '',
    environment: of.environment ?? '',
    since: '90d',
  });
  const { value = [] } = data;
  return value.length === 0 ? null : (
    <Section title="What goes wrong, 90 days">
      <DataTable
        label="Error codes"
        rows={value}
        columns={[
          {
            head: 'Code',
            cell: (row) => (
              <Link
                to={runsHref({
                  pipeline: of.process_name ?? '',
                  environment: of.environment ?? '',
                  status: 'FAILED,TIMED_OUT,LOST',
                  error_code: textIn(row, 'error_code') ?? '',
                })}
              >
                <Text of={textIn(row, 'error_code')} />
              </Link>
            ),
          },
          { head: 'Class', cell: (row) => textIn(row, 'error_class')?.replace('_', ' ') },
          { head: 'Failures', isNumber: true, cell: (row) => countShown(numberIn(row, 'failures')) },
          { head: 'Last', isNumber: true, cell: (row) => <When at={instantIn(row, 'last_at')} /> },
          {
            head: 'What to do',
            cell: (row) => <span title={textIn(row, 'advice') ?? ''}>{textIn(row, 'advice')}</span>,
          },
        ]}
      />
    </Section>
  );
}

function PipelineQuality({ of }: { readonly of: PipelineRef }) {
  const data = useQuestion('quality-by-dataset', {
    process_name: of.process_name ?? '',
    environment: of.environment ?? '',
    since: '30d',
  });
  const datasets = [...new Set((data.value ?? []).flatMap((row) => textIn(row, 'dataset') ?? []))];
  return datasets.length === 0 ? null : (
    <Section title="Quality">
      <p>
        It checks{' '}
        {datasets.slice(0, 20).map((dataset, at) => (
          <span key={dataset}>
            {at > 0 && ', '}
            <Link to={hrefOf(['quality'], { dataset })}>
              <Text of={dataset} />
            </Link>
          </span>
        ))}
        .
      </p>
    </Section>
  );
}
