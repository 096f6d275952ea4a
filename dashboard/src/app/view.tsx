import { useEffect } from 'preact/hooks';
import type { Session } from '../http/ledger.ts';
import { Empty } from '../parts/state.tsx';
import { incidentIdOf } from '../router/links.ts';
import { Link, useAddress } from '../router/use-address.tsx';
import { AskView } from '../views/ask/ask.tsx';
import { HealthView } from '../views/health/health.tsx';
import { IncidentView } from '../views/incidents/incident.tsx';
import { IncidentsView } from '../views/incidents/incidents.tsx';
import { LineageView } from '../views/lineage/lineage.tsx';
import { NumbersView } from '../views/numbers/numbers.tsx';
import { PipelineView } from '../views/pipeline/pipeline.tsx';
import { PipelinesView } from '../views/pipelines/pipelines.tsx';
import { QualityView } from '../views/quality/quality.tsx';
import { RunView } from '../views/run/run.tsx';
import { RunsView } from '../views/runs/runs.tsx';
import { SendView } from '../views/send/send.tsx';
import { TodayView } from '../views/today/today.tsx';
import { nameView } from './title.ts';

/** The view that the address names. */
export function View({ session }: { readonly session: Session }) {
  const { parts, query } = useAddress();
  const [view = '', ...rest] = parts;
  const title = titleOf(view, rest);
  useEffect(() => nameView(title), [title]);
  switch (view) {
    case '':
      return <TodayView />;
    case 'runs':
      return rest.length === 0 ? (
        <RunsView query={query} />
      ) : (
        <RunView key={rest[0] ?? ''} run_id={rest[0] ?? ''} query={query} session={session} />
      );
    case 'pipelines':
      return rest.length < 2 ? (
        <PipelinesView query={query} />
      ) : (
        <PipelineView key={rest.join('/')} of={{ environment: rest[0] ?? '', process_name: rest[1] ?? '' }} />
      );
    case 'incidents':
      return rest.length === 0 ? (
        <IncidentsView query={query} session={session} />
      ) : (
        <IncidentView key={rest.join('/')} id={incidentIdOf(rest)} session={session} />
      );
    case 'lineage':
      return <LineageView query={query} />;
    case 'quality':
      return <QualityView query={query} />;
    case 'numbers':
      return <NumbersView query={query} />;
    case 'ask':
      return <AskView query={query} />;
    case 'ledger':
      return <HealthView session={session} />;
    case 'send':
      return <SendView session={session} />;
    default:
      return (
        <Empty isView title="There is no such view">
          <p>
            The address names <code>{view.slice(0, 80)}</code>. <Link to="/">Go to Today</Link>.
          </p>
        </Empty>
      );
  }
}

function titleOf(view: string, rest: readonly string[]): string {
  if (view === '') return 'Today';
  const last = rest.at(-1);
  const name = `${view.slice(0, 1).toUpperCase()}${view.slice(1)}`;
  return last === undefined ? name : `${last.slice(0, 60)} · ${name}`;
}
