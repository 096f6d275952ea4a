import { ALIASES } from './aliases.ts';
import { CANONICAL_FIELDS, STAMPS } from './canonical-fields.ts';
import { type Draft, keepExtra } from './draft.ts';
import { FIELD_READERS } from './field-readers.ts';
import { snakeCase } from './names.ts';

/** Reads all fields of a line into the draft. What no field can hold goes to `extra`. */
export function readFields(line: Readonly<Record<string, unknown>>, draft: Draft): void {
  let others: string[] | undefined;
  for (const key of Object.keys(line)) {
    const value = line[key];
    if (value === null || value === undefined) continue;
    const reader = CANONICAL_FIELDS.get(key);
    if (reader !== undefined) reader(value, draft, key, key);
    else if (others === undefined) others = [key];
    else others.push(key);
  }
  if (others) for (const { key, name } of inOrder(others)) readOther(key, name, line[key], draft, line);
}

/** Other names of one field stand in the order of the lists, so that the order of keys decides nothing. */
const inOrder = (keys: readonly string[]): readonly { key: string; name: string; rank: number }[] =>
  keys.map((key) => ({ key, name: snakeCase(key), rank: rankOf(snakeCase(key)) })).sort((a, b) => a.rank - b.rank);

const RANKS: ReadonlyMap<string, number> = new Map(
  [...Object.keys(ALIASES), ...Object.keys(FIELD_READERS)].map((name, rank) => [name, rank]),
);
const rankOf = (name: string): number => RANKS.get(name) ?? (CANONICAL_FIELDS.has(name) ? -1 : RANKS.size);

const AIRFLOW_NAMES: ReadonlySet<string> = new Set(['dag_id', 'try_number']);

/** Keys that are no canonical name: another spelling of one, another tool's name for one, a stamp's name, or unknown. */
function readOther(
  key: string,
  spelled: string,
  value: unknown,
  draft: Draft,
  line: Readonly<Record<string, unknown>>,
): void {
  const read = Object.hasOwn(FIELD_READERS, spelled) ? FIELD_READERS[spelled] : undefined;
  const name = Object.hasOwn(ALIASES, spelled) ? (ALIASES[spelled] as string) : spelled;
  const reader = CANONICAL_FIELDS.get(name);
  if (AIRFLOW_NAMES.has(spelled)) draft.hints.isAirflow = true;
  if (STAMPS.has(spelled) && isAccepted(line)) draft.changed ||= spelled === 'original';
  else if (spelled !== key && isGiven(line, spelled)) keepExtra(draft, key, value);
  else if (read) read(value, draft, spelled, key);
  else if (!reader || STAMPS.has(spelled) || isTold(name, draft)) keepExtra(draft, key, value);
  else reader(value, draft, name, key);
}

const isGiven = (line: Readonly<Record<string, unknown>>, name: string): boolean =>
  Object.hasOwn(line, name) && line[name] !== null;

const isTold = (name: string, { fields, hints }: Draft): boolean =>
  fields[name] !== undefined ||
  (name === 'event_type' && (hints.event !== undefined || hints.unknownEventType !== undefined)) ||
  (name === 'status' && (hints.status !== undefined || hints.unknownStatus !== undefined));

/** Whether the ledger wrote this line itself: its stamps are made anew then. To anybody else they are plain fields. */
const isAccepted = ({ event_key, event_date, received_at }: Readonly<Record<string, unknown>>): boolean =>
  typeof event_key === 'string' &&
  /^[0-9a-f]{32}$/.test(event_key) &&
  typeof event_date === 'string' &&
  typeof received_at === 'string';
