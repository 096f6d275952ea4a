import { useEffect, useMemo } from 'preact/hooks';
import { counted, countShown, durationShown } from '../../../../core/format.ts';
import { nameView } from '../../app/title.ts';
import { ledger, type RunDetail, type Session, type ShownRun } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { useQuestion } from '../../http/use-question.ts';
import { bytesShown } from '../../parts/amounts.ts';
import { Command, Copy } from '../../parts/copy.tsx';
import { Facts } from '../../parts/facts.tsx';
import { PipelineName, Text } from '../../parts/name.tsx';
import { overSlaMs, tookMs } from '../../parts/run-facts.ts';
import { RunTable } from '../../parts/run-table.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { Status } from '../../parts/status.tsx';
import { Both, useSecond } from '../../parts/when.tsx';
import { runHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { Decisions } from './decisions.tsx';
import { FailedTries } from './failed-tries.tsx';
import { RunAgain } from './run-again.tsx';
import { RunError } from './run-error.tsx';
import { RunEvents } from './run-events.tsx';
import { refQuery } from './run-query.ts';
import { RunDatasets, RunQuality, RunRelatives, RunTold } from './run-sections.tsx';
import { type DrawnStep, StepGantt } from './step-gantt.tsx';
import { failedTries, lastTries, rootOf, triesByStep, tryIn } from './tries.ts';

/** One run: everything the ledger knows of it. */
export function RunView({
  run_id,
  query,
  session,
}: {
  readonly run_id: string;
  readonly query: Readonly<Record<string, string>>;
  readonly session: Session;
}) {
  const { environment, pipeline } = query;
  const data = useData(
    `run ${JSON.stringify([run_id, environment, pipeline])}`,
    (signal) =>
      ledger.show(run_id, { ...(environment && { environment }), ...(pipeline && { process_name: pipeline }) }, signal),
    { on: ['runs'], everyMs: 1_000 },
  );
  return (
    <Loaded data={data} what="the run">
      {(found) => {
        const [first] = found;
        if (first === undefined) return <NoRun run_id={run_id} />;
        if (found.length > 1) return <WhichRun runs={found.map(({ run }) => run)} />;
        return <Run detail={first} session={session} />;
      }}
    </Loaded>
  );
}

function NoRun({ run_id }: { readonly run_id: string }) {
  return (
    <Empty isView title="There is no such run">
      <p>
        No run has the id <code class="break">{run_id.slice(0, 200)}</code> here. It may belong to another ledger, or no
        event of it has arrived. Press <kbd>/</kbd> to search, or <Link to="/runs">look at the latest runs</Link>.
      </p>
    </Empty>
  );
}

function WhichRun({ runs }: { readonly runs: readonly ShownRun[] }) {
  return (
    <>
      <header class="view-head">
        <h1>{runs.length} runs have this id</h1>
        <p class="hint">An id is unique within a pipeline and an environment. Choose one.</p>
      </header>
      <RunTable runs={runs} label="Runs of this id" />
    </>
  );
}

function Run({ detail: { run, steps }, session }: { readonly detail: RunDetail; readonly session: Session }) {
  const now = useSecond(run.end_time === null ? 1_000 : 60_000);
  useEffect(() => nameView(`${run.process_name} ${run.status.toLowerCase()}`), [run.process_name, run.status]);
  const told = useQuestion('run-tries', refQuery(run), { everyMs: 3_000 });
  const tries = useMemo(() => (told.value ?? []).map(tryIn), [told.value]);
  const byStep = useMemo(() => triesByStep(tries), [tries]);
  // The live store keeps a part of very many steps; the tables have them all.
  const drawn: readonly DrawnStep[] = byStep.size > steps.length ? lastTries(tries) : steps;
  const failed = failedTries(tries);
  const count = Math.max(run.steps ?? 0, drawn.length);
  return (
    <>
      <header class="view-head run-head">
        <h1>
          <Status status={run.status} /> <PipelineName of={run} />
        </h1>
        <p>
          <bdi class="run-id break">{run.run_id}</bdi> <Copy text={run.run_id ?? ''} label="Copy id" />
        </p>
      </header>
      <RunError run={run} root={rootOf(failed)} />
      <Facts facts={factsOf(run, now)} />
      {failed.length > 0 && (
        <Section title="What went wrong">
          <FailedTries tries={failed} />
        </Section>
      )}
      <Section title={count === 0 ? 'Steps' : counted(count, 'step')}>
        {drawn.length === 0 ? (
          <p class="hint">It told of no steps.</p>
        ) : (
          <StepGantt run={run} steps={drawn} tries={byStep} now={now} />
        )}
      </Section>
      <Decisions of={run} run_ids={[run.run_id ?? '']} />
      <RunQuality of={run} />
      <RunDatasets of={run} />
      <RunTold of={run} />
      <RunRelatives of={run} />
      <RunEvents of={run} />
      <RunAgain run={run} steps={steps} session={session} />
      <Section title="In a terminal">
        <Command text={commandsFor(run)} />
      </Section>
    </>
  );
}

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

function commandsFor({ run_id, process_name, environment }: ShownRun): string {
  const which = `${quoted(run_id ?? '')} --pipeline ${quoted(process_name ?? '')} --environment ${quoted(environment ?? '')}`;
  return `runledger show ${which}`;
}

function factsOf(run: ShownRun, now: number): Parameters<typeof Facts>[0]['facts'] {
  const over = overSlaMs(run, now);
  const sla = run.expected_max_duration_ms;
  return [
    ['Started', run.start_time && <Both at={run.start_time} />],
    ['Queued', run.queued_at && <Both at={run.queued_at} />],
    ['Ended', run.end_time && <Both at={run.end_time} />],
    [
      'Took',
      <>
        {durationShown(tookMs(run, now))}
        {sla !== null &&
          (over > 0 ? (
            <em class="late">
              {' '}
              {durationShown(over)} over its SLA of {durationShown(sla)}
            </em>
          ) : (
            ` of at most ${durationShown(sla)}`
          ))}
      </>,
    ],
    ['Records', inAndOut(run.records_in, run.records_out, countShown)],
    ['Size', inAndOut(run.data_size_bytes_in, run.data_size_bytes_out, bytesShown)],
    ['Memory', run.memory_used_bytes === null ? null : bytesShown(run.memory_used_bytes)],
    ['Last event', run.end_time === null ? <Both at={run.last_event_at} /> : null],
    ['Conflict', run.status_conflict],
    ['Run attempt', (run.run_attempt ?? 1) > 1 ? String(run.run_attempt) : null],
    ['Scheduled for', run.scheduled_for && <Both at={run.scheduled_for} />],
    [
      'Data',
      run.data_interval_start && (
        <>
          <Both at={run.data_interval_start} /> to <Both at={run.data_interval_end} />
        </>
      ),
    ],
    ['Owner', run.owner && <Text of={run.owner} />],
    ['User', run.user && <Text of={run.user} />],
    ['Type', [run.process_type, run.run_mode].filter((each) => each !== null).join(', ') || null],
    [
      'Parent run',
      run.parent_run_id && (
        <Link to={runHref({ environment: run.environment, process_name: null, run_id: run.parent_run_id })}>
          <Text of={run.parent_run_id} />
        </Link>
      ),
    ],
    ['Job', run.job_id && <Text of={run.job_id} />],
    ['Cluster', [run.cluster_id, run.cluster_size].filter((each) => each !== null).join(', ') || null],
    ['Code', [run.notebook_path, run.notebook_git_sha].filter((each) => each !== null).join(' @ ') || null],
  ];
}

const inAndOut = (into: number | null, out: number | null, show: (amount: number | null) => string): string | null =>
  into === null && out === null ? null : `${show(into)} in, ${show(out)} out`;
