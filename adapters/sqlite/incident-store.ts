import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type Incident, subjectOf, subjectText, unsentSince } from '../../core/alert/incident.ts';
import type { IncidentFilter, IncidentStore } from '../../core/ports/incident-store.ts';
import { inTransaction } from './transaction.ts';

/** Incidents as JSON text beside the columns they are found by. */
export function incidentsIn(database: DatabaseSync): IncidentStore {
  const find = database.prepare('select incident from incidents where subject = ?');
  const put = database.prepare(
    `insert or replace into incidents (subject, incident, environment, process_name, open, detected_at, unsent_since)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const unsent = database.prepare(
    'select incident from incidents where unsent_since is not null order by unsent_since limit ?',
  );
  const lists = new Map<string, StatementSync>();
  const stored = (subject: string): Incident | undefined => {
    const row = find.get(subject);
    return row && incidentIn(row);
  };

  return {
    async changeIncident(subject, change) {
      const key = subjectText(subject);
      return inTransaction(database, () => {
        const before = stored(key);
        const after = change(before) ?? before;
        if (after !== undefined && after !== before) put.run(key, ...cellsOf(after));
        return after;
      });
    },

    async incidentOf(id) {
      const subject = subjectOf(id);
      const latest = subject && stored(subjectText(subject));
      return latest?.id === id ? latest : undefined;
    },

    async listIncidents(filter) {
      const { text, values } = listQuery(filter);
      const statement = lists.get(text) ?? database.prepare(text);
      lists.set(text, statement);
      return statement.all(...values).map(incidentIn);
    },

    async unsentIncidents(limit) {
      return unsent.all(Math.max(0, limit)).map(incidentIn);
    },
  };
}

const incidentIn = (row: Readonly<Record<string, unknown>>): Incident => JSON.parse(row.incident as string) as Incident;

const cellsOf = (incident: Incident): readonly SQLInputValue[] => [
  JSON.stringify(incident),
  incident.environment,
  incident.process_name,
  incident.status === 'resolved' ? 0 : 1,
  incident.detected_at,
  unsentSince(incident) ?? null,
];

/** `open` is written as a literal: a bound value would keep SQLite from its index of open incidents. */
function listQuery({ environment, process_name, open, since, limit }: IncidentFilter): {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
} {
  const given = (
    [
      ['environment = ?', environment],
      ['process_name = ?', process_name],
      ['detected_at >= ?', since],
    ] as const
  ).flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const conditions = [...(open ? ['open = 1'] : []), ...given.map(({ condition }) => condition)];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return {
    text: `select incident from incidents ${where} order by detected_at desc limit ?`,
    values: [...given.map(({ value }) => value), Math.max(0, limit)],
  };
}
