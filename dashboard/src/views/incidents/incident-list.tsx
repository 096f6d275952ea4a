import type { Incident } from '../../http/ledger.ts';
import { Instants, PipelineName, Text } from '../../parts/name.tsx';
import { Ago } from '../../parts/when.tsx';
import { incidentHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';

/** Incidents as a list: how grave, where, what, since when, and who looks after it. */
export function IncidentList({ incidents }: { readonly incidents: readonly Incident[] }) {
  return (
    <ul class="incidents">
      {incidents.map((incident) => (
        <li key={incident.id} class={`${incident.status} ${incident.severity}`}>
          <span class="severity" title={SEVERITY_MEANS[incident.severity]}>
            {incident.severity}
          </span>
          <div class="what">
            <PipelineName of={incident} />
            <Link to={incidentHref(incident.id)} class="reason">
              <bdi>
                <Instants text={lastReason(incident)} />
              </bdi>
            </Link>
          </div>
          <div class="state">
            <IncidentState incident={incident} />
            <Ago at={incident.occurred_at} />
          </div>
        </li>
      ))}
    </ul>
  );
}

export function IncidentState({ incident }: { readonly incident: Incident }) {
  switch (incident.status) {
    case 'open':
      return <strong class="bad">Open</strong>;
    case 'acknowledged':
      return (
        <span>
          Taken by <Text of={incident.acknowledged_by ?? null} />
        </span>
      );
    default:
      return <span class="good">Resolved</span>;
  }
}

export const SEVERITY_MEANS = {
  P1: 'P1: it wakes a person',
  P2: 'P2: a person should look today',
  P3: 'P3: it should be known',
} as const;

/** The newest thing that was found. */
export const lastReason = ({ reasons, slot }: Incident): string => reasons.at(-1)?.text ?? slot;
