import type { Instant } from '../instant.ts';
import type { AcceptSettings } from './settings.ts';
import type { Meaning } from './words.ts';

/** One event in the making: the canonical fields so far, and what had to be assumed on the way. */
export interface Draft {
  readonly fields: Record<string, unknown>;
  readonly settings: AcceptSettings;
  /** Values the canonical fields cannot hold, under the names they came with. No prototype: keys are the producer's. */
  extra: Record<string, unknown> | null;
  /** The values in `extra` that hold parts of a field, by the field's name. */
  parts: Map<string, Record<string, unknown>> | null;
  /** What fields that are not canonical say, used once all fields are read. */
  readonly hints: Hints;
  flags: string[] | null;
  /** More than defaults was changed: the line itself must be kept. */
  changed: boolean;
  /** A number that was read may be another one than was written. */
  mayBeRounded: boolean;
}

/** A field of a dataset, as it was told. */
export interface DatasetField {
  readonly dataset: string;
  readonly name: string;
  readonly type: string | undefined;
  /** From 1, in the order in which they were told. */
  readonly position: number;
}

/** What a line says in words that are not the ledger's own. */
export interface Hints {
  /** The name under `stage`: a step, or the run itself. */
  stage?: string | undefined;
  /** The table that a row is about. */
  table?: string;
  /** What the event type says when it is another tool's word. */
  event?: Meaning | undefined;
  /** What all fields that are a status say together. */
  status?: Meaning;
  /** The status as it came, when it was one of ours. */
  statusText?: string;
  /** Texts that no tool and no stem explains. */
  unknownEventType?: string;
  unknownStatus?: string;
  isStateUnknown?: boolean;
  /** The row is about the run itself, whatever step it names. */
  isRun?: boolean;
  /** Airflow's rows name their step in `task_id`. */
  isAirflow?: boolean;
  success?: boolean;
  exitCode?: number;
  /** Instants by the name they came under: see `LINE_TIMES`. */
  times?: Record<string, Instant>;
  /** The instant that names a run which has no id. */
  runInstant?: Instant;
  /** The schemas that datasets of the line told: a row for each field. */
  datasetFields?: DatasetField[];
  /** Fields of a report about data quality. */
  report?: Record<string, unknown>;
}

export const draftOf = (fields: Record<string, unknown>, settings: AcceptSettings): Draft => ({
  fields,
  settings,
  extra: null,
  parts: null,
  hints: {},
  flags: null,
  changed: false,
  mayBeRounded: false,
});

const MAX_FLAGS = 32;

/** Notes an assumption. Flags are short words, each once. */
export function flag(draft: Draft, word: string): void {
  draft.flags ??= [];
  if (draft.flags.length < MAX_FLAGS && !draft.flags.includes(word)) draft.flags.push(word);
}

/** Notes that a value was not only renamed or defaulted: what came cannot be told from what is written. */
export function flagChange(draft: Draft, word: string): void {
  flag(draft, word);
  draft.changed = true;
}

/** Keeps a value under the name it came with. A second value of one name gets a name of its own: none is lost. */
export function keepExtra(draft: Draft, name: string, value: unknown): void {
  draft.extra ??= Object.create(null) as Record<string, unknown>;
  draft.extra[freeName(draft.extra, name)] = value;
}

/** Keeps a part of a value under the name of the whole, beside other parts of it. */
export function keepPart(draft: Draft, name: string, part: string, value: unknown): void {
  draft.parts ??= new Map();
  let parts = draft.parts.get(name);
  if (parts === undefined) {
    parts = Object.create(null) as Record<string, unknown>;
    draft.parts.set(name, parts);
    keepExtra(draft, name, parts);
  }
  parts[freeName(parts, part)] = value;
}

/** The name, or the first of `name (2)`, `name (3)`, … that is not taken. */
export function freeName(taken: Readonly<Record<string, unknown>>, name: string): string {
  if (!Object.hasOwn(taken, name)) return name;
  const copies = COPIES.get(taken) ?? new Map<string, number>();
  COPIES.set(taken, copies);
  let copy = copies.get(name) ?? 2;
  while (Object.hasOwn(taken, `${name} (${copy})`)) copy++;
  copies.set(name, copy + 1);
  return `${name} (${copy})`;
}

/** The next number to try: counting from 2 each time, a list of n rows with one unknown key would cost n² steps. */
const COPIES = new WeakMap<object, Map<string, number>>();
