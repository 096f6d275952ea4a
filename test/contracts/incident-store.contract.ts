import { describe, expect } from 'vitest';
import { type Condition, REASONS } from '../../core/alert/condition.ts';
import {
  acknowledged,
  type Incident,
  incidentIdOf,
  judged,
  resolved,
  type Subject,
  sent,
} from '../../core/alert/incident.ts';
import type { Instant } from '../../core/instant.ts';
import type { IncidentFilter, IncidentStore } from '../../core/ports/incident-store.ts';
import { contractTests, type Gap } from './gap.ts';

const at = (minute: number): Instant => `2025-11-03T12:${String(minute).padStart(2, '0')}:00.000Z`;

const aSubject = (overrides: Partial<Subject> = {}): Subject => ({
  environment: 'prod',
  process_name: 'orders',
  slot: '2025-11-03T02:00:00.000Z',
  ...overrides,
});

const aCondition = (overrides: Partial<Condition> = {}): Condition => ({
  reason: 'FAILED',
  severity: 'P2',
  occurred_at: at(0),
  text: 'failed in load: D201',
  run_id: 'run-1',
  ...overrides,
});

/** Opens the incident of a subject, as the rules do; `holdMs` keeps it silent. */
export const openIncident = (store: IncidentStore, subject: Subject, now: Instant, holdMs = 0) =>
  store.changeIncident(subject, (stored) =>
    judged(stored, subject, { conditions: [aCondition({ occurred_at: now })], isGood: false }, { now, holdMs }),
  );

const resolveIncident = (store: IncidentStore, subject: Subject, now: Instant) =>
  store.changeIncident(subject, (stored) => stored && resolved(stored, now, 'a good run'));

const sendAll = (store: IncidentStore, subject: Subject) =>
  store.changeIncident(subject, (stored) => {
    if (stored === undefined) return undefined;
    return sent(
      stored,
      stored.id,
      stored.outbox.map(({ number }) => number),
    );
  });

const namesOf = (incidents: readonly Incident[]): readonly string[] =>
  incidents.map(({ process_name }) => process_name);

/** Texts that a key, a file name or a query might take for something else. */
export const HOSTILE_NAMES = [
  ...['incident#orders', 'run#1', 'watch', 'open', 'incident', '', ' ', '"', "'; drop table incidents --", '["prod"'],
  ...['Orders', 'orders\u0000', 'orders\n', 'Ünïcödé', '订单', '😀', '\u{10FFFF}', '\uFFFD', '%', '_', '../..'],
  ...['x'.repeat(256), '\u0001'.repeat(256), '😀'.repeat(128)],
];

/** What every `IncidentStore` does. `open` gives an empty one each time. */
export function incidentStoreContract(
  name: string,
  open: () => Promise<IncidentStore>,
  gaps: readonly Gap[] = [],
): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (store: IncidentStore) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is an incident store`, () => {
    behaviour('a change is given what is stored, and what it returns is stored', async (store) => {
      const opened = await openIncident(store, aSubject(), at(0));
      expect(opened).toMatchObject({ ...aSubject(), status: 'open', reasons: [aCondition()] });
      const seen: (Incident | undefined)[] = [];
      const after = await store.changeIncident(aSubject(), (stored) => {
        seen.push(stored);
        return stored && acknowledged(stored, at(1), 'Ada');
      });
      expect(seen).toEqual([opened]);
      expect(after).toMatchObject({ status: 'acknowledged', acknowledged_by: 'Ada', acknowledged_at: at(1) });
      expect(await store.incidentOf(opened?.id ?? '')).toEqual(after);
      expect(await store.listIncidents({ limit: 10 })).toEqual([after]);
    });

    behaviour('what an incident does not have is absent when it is read again', async (store) => {
      const opened = await openIncident(store, aSubject(), at(0), 60_000);
      const [stored] = await store.listIncidents({ limit: 1 });
      expect(stored).toEqual(opened);
      expect(stored?.notified_at).toBeUndefined();
      expect(stored?.outbox).toEqual([]);
    });

    behaviour('a change that finds nothing to change leaves what is stored', async (store) => {
      expect(await store.changeIncident(aSubject(), () => undefined)).toBeUndefined();
      expect(await store.listIncidents({ limit: 10 })).toEqual([]);
      const opened = await openIncident(store, aSubject(), at(0));
      expect(await store.changeIncident(aSubject(), (stored) => stored)).toEqual(opened);
      expect(await store.changeIncident(aSubject(), () => undefined)).toEqual(opened);
      expect(await store.listIncidents({ limit: 10 })).toEqual([opened]);
    });

    behaviour('a change that throws is thrown, and leaves what is stored', async (store) => {
      const opened = await openIncident(store, aSubject(), at(0));
      const failing = store.changeIncident(aSubject(), () => {
        throw new Error('the rules broke');
      });
      await expect(failing).rejects.toThrow('the rules broke');
      expect(await store.listIncidents({ limit: 10 })).toEqual([opened]);
    });

    behaviour('of many that judge one subject at the same time one opens its incident', async (store) => {
      const verdicts = Array.from({ length: 12 }, (_, index) => index);
      const after = await Promise.all(verdicts.map(() => openIncident(store, aSubject(), at(0))));
      expect(new Set(after.map((each) => each?.id))).toEqual(new Set([incidentIdOf(aSubject(), 1)]));
      const [only, ...others] = await store.listIncidents({ limit: 10 });
      expect(others).toEqual([]);
      expect(only?.outbox).toMatchObject([{ number: 1, kind: 'opened' }]);
    });

    behaviour('of many changes of one incident at the same time none is lost', async (store) => {
      await openIncident(store, aSubject(), at(0));
      const runs = Array.from({ length: 12 }, (_, index) => `run-${index + 10}`);
      await Promise.all(
        runs.map((run_id) =>
          store.changeIncident(aSubject(), (stored) =>
            judged(
              stored,
              aSubject(),
              { conditions: [aCondition({ run_id })], isGood: false },
              { now: at(1), holdMs: 0 },
            ),
          ),
        ),
      );
      const [incident] = await store.listIncidents({ limit: 1 });
      expect([...(incident?.run_ids ?? [])].sort()).toEqual(['run-1', ...runs]);
    });

    behaviour('an incident that opens after the last was resolved takes its place', async (store) => {
      const first = await openIncident(store, aSubject(), at(0));
      await resolveIncident(store, aSubject(), at(1));
      const second = await openIncident(store, aSubject(), at(2), 0);
      expect(second?.id).toBe(first?.id);
      const again = await store.changeIncident(aSubject(), (stored) =>
        judged(
          stored,
          aSubject(),
          { conditions: [aCondition({ run_id: 'run-2' })], isGood: false },
          { now: at(3), holdMs: 0 },
        ),
      );
      expect(again).toMatchObject({ occurrence: 2, status: 'open' });
      expect(await store.listIncidents({ limit: 10 })).toEqual([again]);
      expect(await store.incidentOf(first?.id ?? '')).toBeUndefined();
      expect(await store.incidentOf(again?.id ?? '')).toEqual(again);
    });

    behaviour('an id that no incident has finds none, whatever it is', async (store) => {
      const opened = await openIncident(store, aSubject(), at(0));
      const id = opened?.id ?? '';
      const unknown = ['', 'x', '{}', '[]', 'null', '[1,2,3,4]', ` ${id}`, id.toLowerCase(), id.slice(0, -1)];
      for (const each of [...unknown, incidentIdOf(aSubject(), 2), incidentIdOf(aSubject({ slot: 'other' }), 1)])
        expect(await store.incidentOf(each)).toBeUndefined();
      expect(await store.incidentOf(id)).toEqual(opened);
    });

    behaviour('incidents are listed by detection, the latest first, up to the limit', async (store) => {
      for (const [index, process_name] of ['b', 'd', 'a', 'c'].entries())
        await openIncident(store, aSubject({ process_name }), at(index));
      await resolveIncident(store, aSubject({ process_name: 'd' }), at(30));
      await resolveIncident(store, aSubject({ process_name: 'c' }), at(31));
      const list = async (filter: IncidentFilter) => namesOf(await store.listIncidents(filter));
      expect(await list({ limit: 10 })).toEqual(['c', 'a', 'd', 'b']);
      expect(await list({ limit: 3 })).toEqual(['c', 'a', 'd']);
      expect(await list({ limit: 1 })).toEqual(['c']);
      expect(await list({ limit: 0 })).toEqual([]);
    });

    behaviour('a list has what its filter asks for, and nothing else', async (store) => {
      const subjects = [
        aSubject(),
        aSubject({ environment: 'dev' }),
        aSubject({ process_name: 'customers' }),
        aSubject({ slot: 'run 7' }),
        aSubject({ slot: 'STALE' }),
      ];
      for (const [index, subject] of subjects.entries()) await openIncident(store, subject, at(index));
      await resolveIncident(store, aSubject(), at(20));
      const list = async (filter: Omit<IncidentFilter, 'limit'>) =>
        (await store.listIncidents({ ...filter, limit: 10 })).map(({ detected_at }) => detected_at);
      expect(await list({ environment: 'prod' })).toEqual([at(4), at(3), at(2), at(0)]);
      expect(await list({ environment: 'dev' })).toEqual([at(1)]);
      expect(await list({ process_name: 'orders' })).toEqual([at(4), at(3), at(1), at(0)]);
      expect(await list({ environment: 'prod', process_name: 'orders' })).toEqual([at(4), at(3), at(0)]);
      expect(await list({ environment: 'prod', process_name: 'orders', open: true })).toEqual([at(4), at(3)]);
      expect(await list({ open: true })).toEqual([at(4), at(3), at(2), at(1)]);
      expect(await list({ open: false })).toEqual([at(4), at(3), at(2), at(1), at(0)]);
      expect(await list({ since: at(3) })).toEqual([at(4), at(3)]);
      expect(await list({ since: at(0), open: true, environment: 'dev' })).toEqual([at(1)]);
      expect(await list({ environment: 'qa' })).toEqual([]);
      expect(await list({ process_name: 'order' })).toEqual([]);
    });

    behaviour('a limit counts what the filter asks for', async (store) => {
      for (let index = 0; index < 30; index++) {
        const subject = aSubject({ slot: `run ${index}`, environment: index % 10 === 0 ? 'dev' : 'prod' });
        await openIncident(store, subject, at(index));
        if (index > 3) await resolveIncident(store, subject, at(40));
      }
      const list = async (filter: IncidentFilter) =>
        (await store.listIncidents(filter)).map(({ detected_at }) => detected_at);
      expect(await list({ environment: 'dev', limit: 2 })).toEqual([at(20), at(10)]);
      expect(await list({ environment: 'dev', process_name: 'orders', limit: 2 })).toEqual([at(20), at(10)]);
      expect(await list({ open: true, limit: 2 })).toEqual([at(3), at(2)]);
    });

    behaviour('unsent incidents come longest waiting first, until their outbox is empty', async (store) => {
      for (const [index, process_name] of ['a', 'b', 'c'].entries())
        await openIncident(store, aSubject({ process_name }), at(index));
      await openIncident(store, aSubject({ process_name: 'held' }), at(0), 60_000);
      expect(namesOf(await store.unsentIncidents(10))).toEqual(['a', 'b', 'c']);
      expect(namesOf(await store.unsentIncidents(2))).toEqual(['a', 'b']);
      expect(await store.unsentIncidents(0)).toEqual([]);
      await sendAll(store, aSubject({ process_name: 'a' }));
      expect(namesOf(await store.unsentIncidents(10))).toEqual(['b', 'c']);
      // It was detected first, but its news is the latest.
      await resolveIncident(store, aSubject({ process_name: 'a' }), at(10));
      expect(namesOf(await store.unsentIncidents(10))).toEqual(['b', 'c', 'a']);
      for (const process_name of ['a', 'b', 'c']) await sendAll(store, aSubject({ process_name }));
      expect(await store.unsentIncidents(10)).toEqual([]);
    });

    behaviour('a name may hold any text, and no subject is taken for another', async (store) => {
      const subjects = HOSTILE_NAMES.flatMap((hostile) => [
        aSubject({ process_name: hostile }),
        aSubject({ environment: hostile }),
        aSubject({ slot: hostile }),
      ]);
      for (const subject of subjects) await openIncident(store, subject, at(5));
      for (const { environment, process_name, slot } of subjects) {
        const found = await store.listIncidents({ environment, process_name, open: true, limit: 1000 });
        expect(found.filter((each) => each.slot === slot)).toHaveLength(1);
        expect(found.every((each) => each.environment === environment && each.process_name === process_name)).toBe(
          true,
        );
        const id = incidentIdOf({ environment, process_name, slot }, 1);
        expect(await store.incidentOf(id)).toMatchObject({ id, environment, process_name, slot });
      }
      expect(await store.listIncidents({ limit: 1000 })).toHaveLength(subjects.length);
    });

    behaviour('the largest incident that rules make is stored', async (store) => {
      const name = '\u0001'.repeat(256);
      const widest: Subject = { environment: name, process_name: name, slot: `run ${name}` };
      const conditions = REASONS.flatMap((reason) =>
        Array.from({ length: 50 }, (_, index) =>
          aCondition({ reason, run_id: `${index}${name}`, text: name.repeat(2) }),
        ),
      );
      const now = at(0);
      const made = await store.changeIncident(widest, (stored) =>
        judged(stored, widest, { conditions, isGood: false }, { now, holdMs: 0 }),
      );
      expect(await store.incidentOf(made?.id ?? '')).toEqual(made);
      expect(await store.listIncidents({ open: true, limit: 10 })).toEqual([made]);
    });

    checkGaps();
  });
}
