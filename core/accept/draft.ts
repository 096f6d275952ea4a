import type { Instant } from '../instant.ts';
import type { AcceptSettings } from './settings.ts';
import type { Meaning } from './words.ts';

/** One event in the making: the canonical fields so far, and what had to be assumed on the way. */
export interface Draft {
  readonly fields: Record<string, unknown>;
  readonly settings: AcceptSettings;
  /** Values the canonical fields cannot hold, under the names they came with. No prototype: keys are the producer's. */
  extra: Record<string, unknown> | null;
  /** What fields that are not canonical say, used once all fields are read. */
  readonly hints: Hints;
  flags: string[] | null;
  /** More than defaults was changed: the line itself must be kept. */
  changed: boolean;
}

/** What a line says in words that are not the ledger's own. */
export interface Hints {
  /** The name under `stage`: a step, or the run itself. */
  stage?: string | undefined;
  /** The table that a row is about. */
  table?: string;
  /** What the event type says when it is another tool's word. */
  event?: Meaning | undefined;
  status?: Meaning | undefined;
  /** Texts that no tool and no stem explains. */
  unknownEventType?: string;
  unknownStatus?: string;
  success?: boolean;
  exitCode?: number;
  /** Instants by the name they came under: see `LINE_TIMES`. */
  times?: Record<string, Instant>;
  /** The instant that names a run which has no id. */
  runInstant?: Instant;
}

export const draftOf = (fields: Record<string, unknown>, settings: AcceptSettings): Draft => ({
  fields,
  settings,
  extra: null,
  hints: {},
  flags: null,
  changed: false,
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
  let free = name;
  for (let copy = 2; Object.hasOwn(draft.extra, free); copy++) free = `${name} (${copy})`;
  draft.extra[free] = value;
}

/** Keeps a part of a value under the name of the whole, beside other parts of it. */
export function keepPart(draft: Draft, name: string, part: string, value: unknown): void {
  const kept = draft.extra?.[name];
  const isNest = typeof kept === 'object' && kept !== null && !Array.isArray(kept);
  const nest: Record<string, unknown> = isNest ? (kept as Record<string, unknown>) : Object.create(null);
  let free = part;
  for (let copy = 2; Object.hasOwn(nest, free); copy++) free = `${part} (${copy})`;
  nest[free] = value;
  if (!isNest) keepExtra(draft, name, nest);
}
