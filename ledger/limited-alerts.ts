import { type Incident, type Subject, subjectOf } from '../core/alert/incident.ts';

import type { Silence } from '../core/alert/silence.ts';
import { isPattern } from '../core/pipelines/pattern.ts';
import { NotTheirsError } from '../core/token/limit-errors.ts';
import { type Limits, limitsShown } from '../core/token/limits.ts';
import type { LedgerAlerts } from './alerts.ts';
import type { Theirs } from './theirs.ts';

/** Refuses what is of all, and says why. */
export type Refuse = (why: string) => () => Promise<never>;

/** What is expected, what is wrong and what people decide, of what is theirs. */
export function limitedAlerts(alerts: LedgerAlerts, limits: Limits, theirs: Theirs, refuse: Refuse): LedgerAlerts {
  const isTheirs = async (subject: Subject): Promise<boolean> => !isOfLedger(subject) && theirs.has(subject);
  const silences = async (): Promise<readonly Silence[]> =>
    theirs.filter(await alerts.silences(), isSilenceOf(limits, theirs));
  return {
    incidents: async (filter) => {
      const list = (environment: string | undefined, limit: number) =>
        alerts.incidents({ ...filter, environment, limit });
      return (await theirs.latest(list, filter, isTheirs, ({ detected_at }) => detected_at)).map(shown);
    },
    decide: async (decision) => {
      const subject = subjectOf(decision.id);
      if (subject === undefined || !(await isTheirs(subject))) return undefined;
      const incident = await alerts.decide(decision);
      return incident && shown(incident);
    },
    silences,
    silence: async (silence) => {
      const { pattern, environment } = silence;
      if (!(await isSilenceOf(limits, theirs)(silence)))
        throw new NotTheirsError(
          `expected ${limits.owners === undefined ? 'a pipeline or a pattern' : 'the name of one pipeline'} and an environment, both within what this token is limited to (${limitsShown(limits)}), but got ${pattern.slice(0, 80)} in ${environment?.slice(0, 80) ?? 'all environments'}; name one of yours, with its environment`,
        );
      const known = await alerts.silences();
      const isOther =
        known.some(({ id }) => id === silence.id) && !(await silences()).some(({ id }) => id === silence.id);
      if (isOther)
        throw new NotTheirsError('expected a new id of a silence, but got one that is taken; choose another');
      return alerts.silence(silence);
    },
    endSilence: async (id) => (await silences()).some((each) => each.id === id) && alerts.endSilence(id),
    expected: async (from, until) => theirs.filter(await alerts.expected(from, until), theirs.has),
    pipelines: refuse(ONE_FILE),
    applyPipelines: refuse(ONE_FILE),
    restoreIncidents: refuse('the log holds the incidents of all'),
    testRoute: refuse(ONE_FILE),
  };
}

const ONE_FILE = 'one file of pipelines holds for all';

/** What is wrong with the ledger itself names what is of all. */
const isOfLedger = ({ slot }: Pick<Subject, 'slot'>): boolean => slot.startsWith('LEDGER');

/** What is late because of an incident may be somebody else's. */
function shown({ held_up: _, ...incident }: Incident): Incident {
  return incident;
}

/**
 * Whether a silence is of what is theirs alone: of one environment of theirs, and where owners are limited, of one
 * pipeline of theirs. What a pattern covers today may be another's tomorrow.
 */
const isSilenceOf =
  ({ owners }: Limits, theirs: Theirs) =>
  async ({ pattern, environment }: Pick<Silence, 'pattern' | 'environment'>): Promise<boolean> =>
    environment !== undefined &&
    !(owners !== undefined && isPattern(pattern)) &&
    theirs.has({ environment, process_name: pattern });
