import { countShown } from '../../../../core/format.ts';
import { ledger, type Session } from '../../http/ledger.ts';
import { useData } from '../../http/use-data.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { Link } from '../../router/use-address.tsx';
import { IncidentList } from './incident-list.tsx';
import { Silences } from './silences.tsx';

const WHICH = [
  ['', 'open'],
  ['all', 'all'],
] as const;

/** What is wrong, or was. */
export function IncidentsView({
  query,
  session,
}: {
  readonly query: Readonly<Record<string, string>>;
  readonly session: Session;
}) {
  const { which, pipeline, environment } = query;
  const given = {
    limit: 500,
    ...(which !== 'all' && { open: 'true' }),
    ...(pipeline && { process_name: pipeline }),
    ...(environment && { environment }),
  };
  const data = useData(`incidents ${JSON.stringify(given)}`, (signal) => ledger.incidents(given, signal), {
    on: ['incidents'],
    everyMs: 1_000,
  });
  return (
    <>
      <header class="view-head">
        <h1>Incidents</h1>
      </header>
      <form class="filters" aria-label="Filter incidents" onSubmit={(event) => event.preventDefault()}>
        <Choice name="which" label="Show" value={which} options={WHICH} />
        <Field name="pipeline" label="Pipeline" value={pipeline} hint="its whole name" />
        <Field name="environment" label="Environment" value={environment} hint="prod" />
      </form>
      <Loaded data={data} what="incidents">
        {(incidents) =>
          incidents.length === 0 ? (
            <Empty title={which === 'all' ? 'There were no incidents' : 'No incident is open'}>
              <p>
                An incident opens when a run fails, falls silent, is late, or does not start as{' '}
                <code>pipelines.yaml</code> expects it to.{' '}
                {which !== 'all' && <Link to="/incidents?which=all">Look at those that are over</Link>}
              </p>
            </Empty>
          ) : (
            <>
              <p class="hint">{countShown(incidents.length)}, the latest first</p>
              <IncidentList incidents={incidents} />
            </>
          )
        }
      </Loaded>
      <Section title="Silences">
        <Silences session={session} />
      </Section>
    </>
  );
}
