import { type Incident, judged, type Subject, unsentChanges } from '../core/alert/incident.ts';
import { judgeLedger, LEDGER_NAME, type LedgerHealth } from '../core/alert/judge-ledger.ts';
import type { Instant } from '../core/instant.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';

const MAX_CAUSES = 100;
const MAX_UNSENT = 1000;

/**
 * Judges the ledger itself: one incident for each cause, which ends with its condition. Returns the incidents that it
 * changed.
 */
export async function evaluateLedger(
  incidents: IncidentStore,
  environment: string,
  health: LedgerHealth,
  now: Instant,
): Promise<readonly Incident[]> {
  const found = judgeLedger(health, now);
  const open = await incidents.listIncidents({
    environment,
    process_name: LEDGER_NAME,
    open: true,
    limit: MAX_CAUSES,
  });
  const known = open.flatMap(({ slot }) => (slot.startsWith(SLOT) ? [slot.slice(SLOT.length)] : []));
  const changed: Incident[] = [];
  for (const cause of new Set([...found.keys(), ...known])) {
    const subject: Subject = { environment, process_name: LEDGER_NAME, slot: `${SLOT}${cause}` };
    const condition = found.get(cause);
    let before: Incident | undefined;
    const after = await incidents.changeIncident(subject, (stored) => {
      before = stored;
      // A cause that lasts is told once, though what is said of it changes.
      const isKnown = stored !== undefined && stored.status !== 'resolved';
      const conditions = condition === undefined || isKnown ? [] : [condition];
      return judged(stored, subject, { conditions, isGood: condition === undefined }, { now, holdMs: 0 });
    });
    if (after !== undefined && after !== before) changed.push(after);
  }
  return changed;
}

const SLOT = 'LEDGER ';

/** How many notices of pipelines have yet to arrive, and since when. Those that tell of the ledger itself are left out. */
export async function unsentNotices(
  incidents: Pick<IncidentStore, 'unsentIncidents'>,
): Promise<NonNullable<LedgerHealth['unsent']> | undefined> {
  const waiting = (await incidents.unsentIncidents(MAX_UNSENT))
    .filter(({ process_name, slot }) => process_name !== LEDGER_NAME || !slot.startsWith(SLOT))
    .flatMap((incident) => unsentChanges(incident).map(({ change }) => change.at))
    .sort();
  const [since] = waiting;
  return since === undefined ? undefined : { notices: waiting.length, since };
}
