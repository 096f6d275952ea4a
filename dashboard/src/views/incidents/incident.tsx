import { type Incident, ledger, type Session } from '../../http/ledger.ts';
import { instantIn, type Row, textIn } from '../../http/rows.ts';
import { useData } from '../../http/use-data.ts';
import { useQuestion } from '../../http/use-question.ts';
import { ActionForm } from '../../parts/action-form.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Instants, PipelineName, RunName, Text } from '../../parts/name.tsx';
import { Empty, Loaded, Section } from '../../parts/state.tsx';
import { Both, When } from '../../parts/when.tsx';
import { subjectOf } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import { Decisions } from '../run/decisions.tsx';
import { IncidentState, SEVERITY_MEANS } from './incident-list.tsx';
import { Silences } from './silences.tsx';

/** One incident: what happened, who did what, and what to do. */
export function IncidentView({ id, session }: { readonly id: string; readonly session: Session }) {
  const { environment, process_name } = subjectOf(id) ?? {};
  const data = useData(
    `incident ${id}`,
    async (signal) => {
      const filter = { limit: 1000, ...(environment && { environment }), ...(process_name && { process_name }) };
      return (await ledger.incidents(filter, signal)).find((each) => each.id === id) ?? null;
    },
    { on: ['incidents'], everyMs: 500 },
  );
  const story = useQuestion('incident-story', { id }, { on: ['incidents'], everyMs: 2_000 });
  return (
    <Loaded data={data} what="the incident">
      {(incident) =>
        incident === null ? (
          <Earlier id={id} story={story.value ?? []} />
        ) : (
          <Shown incident={incident} session={session} story={story.value ?? []} reload={data.reload} />
        )
      }
    </Loaded>
  );
}

/** The store keeps the latest incident of each subject; the log keeps all. */
function Earlier({ id, story }: { readonly id: string; readonly story: readonly Row[] }) {
  if (story.length === 0) {
    return (
      <Empty isView title="There is no such incident">
        <p>
          None has the id <code class="break">{id.slice(0, 200)}</code> here.{' '}
          <Link to="/incidents?which=all">Look at all incidents</Link>.
        </p>
      </Empty>
    );
  }
  return (
    <>
      <header class="view-head">
        <h1>An incident that is over</h1>
      </header>
      <Story rows={story} />
    </>
  );
}

function Shown({
  incident,
  session,
  story,
  reload,
}: {
  readonly incident: Incident;
  readonly session: Session;
  readonly story: readonly Row[];
  readonly reload: () => void;
}) {
  const decide = (decision: 'acknowledge' | 'resolve') => async (who: string, why: string) => {
    const { incident: now } = await ledger.decide({ id: incident.id, decision, who, ...(why !== '' && { why }) });
    reload();
    if (now === null) throw new Error('it is over already: another one may have opened since');
    if (decision === 'acknowledge' && now.acknowledged_by !== undefined && now.acknowledged_by !== who)
      throw new Error(`${now.acknowledged_by} took it before you`);
  };
  return (
    <>
      <header class="view-head run-head">
        <h1>
          <span class={`severity-word ${incident.severity}`} title={SEVERITY_MEANS[incident.severity]}>
            {incident.severity}
          </span>{' '}
          <PipelineName of={incident} /> <IncidentState incident={incident} />
        </h1>
      </header>
      <Facts
        facts={[
          ['Began', <Both key="began" at={incident.occurred_at} />],
          ['Found', <Both key="found" at={incident.detected_at} />],
          ['About', <Text key="about" of={incident.slot} />],
          [
            'Taken',
            incident.acknowledged_at && (
              <>
                <Both at={incident.acknowledged_at} /> by <Text of={incident.acknowledged_by ?? null} />
              </>
            ),
          ],
          [
            'Over',
            incident.resolved_at && (
              <>
                <Both at={incident.resolved_at} />: <Text of={incident.resolution ?? null} />
              </>
            ),
          ],
        ]}
      />
      <Section title="What was found">
        <ol class="reasons">
          {incident.reasons.map((reason) => (
            <li key={`${reason.reason} ${reason.run_id} ${reason.occurred_at}`}>
              <When at={reason.occurred_at} /> <code>{reason.reason}</code>{' '}
              <bdi>
                <Instants text={reason.text} />
              </bdi>{' '}
              {reason.run_id !== undefined && <RunName of={{ ...incident, run_id: reason.run_id }} />}
            </li>
          ))}
        </ol>
        {incident.held_up !== undefined && incident.held_up.length > 0 && (
          <p>
            Late because of it: <Text of={incident.held_up.join(', ')} />
          </p>
        )}
      </Section>
      <Decisions of={incident} run_ids={incident.reasons.flatMap(({ run_id }) => run_id ?? [])} />
      {incident.status !== 'resolved' && (
        <Section title="Decide">
          {incident.status === 'open' && (
            <ActionForm session={session} verb="Acknowledge" needsReason={false} act={decide('acknowledge')} />
          )}
          <ActionForm session={session} verb="Resolve" act={decide('resolve')} />
        </Section>
      )}
      <Section title="Story">
        <Story rows={story} />
      </Section>
      <Section title="Silences">
        <Silences session={session} pattern={incident.process_name} environment={incident.environment} />
      </Section>
    </>
  );
}

/** Every change of it, who made it and why, and who was told. */
function Story({ rows }: { readonly rows: readonly Row[] }) {
  if (rows.length === 0) return <p class="hint">Nobody was told of it yet.</p>;
  return (
    <ol class="reasons">
      {rows.map((row, at) => (
        <li key={at}>
          <When at={instantIn(row, 'changed_at')} /> <StoryLine row={row} />
        </li>
      ))}
    </ol>
  );
}

function StoryLine({ row }: { readonly row: Row }) {
  const [kind, who, why, route, detail, about, summary] = (
    ['kind', 'who', 'why', 'route', 'detail', 'about', 'summary'] as const
  ).map((name) => textIn(row, name));
  if (kind === 'receipt') {
    return (
      <span class={row.delivered === false ? 'bad' : 'hint'}>
        {row.delivered === false ? 'could not be told' : 'told'} on <Text of={route ?? null} /> that it{' '}
        {about === 'opened' ? 'opened' : `was ${about}`}
        {detail !== null && (
          <>
            {' '}
            (<Text of={(detail ?? '').slice(0, 200)} />)
          </>
        )}
      </span>
    );
  }
  return (
    <span>
      <strong>{kind}</strong>
      {who !== null && (
        <>
          {' '}
          by <Text of={who ?? null} />
        </>
      )}
      {why !== null && (
        <>
          : <Text of={why ?? null} />
        </>
      )}
      {who === null && summary !== null && (
        <>
          :{' '}
          <bdi>
            <Instants text={summary ?? ''} />
          </bdi>
        </>
      )}
    </span>
  );
}
