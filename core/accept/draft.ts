import type { AcceptSettings } from './settings.ts';

/** One event while accept reads its line: the canonical fields so far, and what accept had to assume. Mutable. */
export interface Draft {
  readonly fields: Record<string, unknown>;
  readonly settings: AcceptSettings;
  /** Values that the canonical fields cannot hold, under the producer's names. It has no prototype: any key may come. */
  extra: Record<string, unknown> | null;
  /** Values that decide about other fields; they are applied once all fields of the line are read. */
  aliased: Aliased | null;
  flags: string[] | null;
  /** Accept changed more than defaults, so the event must keep the line as `original`. */
  changed: boolean;
}

/** Values that the line had under names, or in spellings, that are not canonical. */
export interface Aliased {
  stage?: string;
  /** The time at which the producer logged the line. */
  logged_at?: string;
  run_instant?: string;
  success?: unknown;
  /** The status or the event type was STARTED or START. */
  started?: true;
  unknown_status?: string;
  unknown_event_type?: string;
}

export const draftOf = (fields: Record<string, unknown>, settings: AcceptSettings): Draft => ({
  fields,
  settings,
  extra: null,
  aliased: null,
  flags: null,
  changed: false,
});

const MAX_FLAGS = 32;

/** Notes an assumption. Each flag appears once; an event has at most 32. */
export function flag(draft: Draft, name: string): void {
  draft.flags ??= [];
  if (draft.flags.length < MAX_FLAGS && !draft.flags.includes(name)) draft.flags.push(name);
}

/** Notes an assumption that loses something: the received value cannot be derived from the event. */
export function flagChange(draft: Draft, name: string): void {
  flag(draft, name);
  draft.changed = true;
}

export function keepExtra(draft: Draft, name: string, value: unknown): void {
  draft.extra ??= Object.create(null) as Record<string, unknown>;
  draft.extra[name] = value;
}

/** Keeps a value to be applied later. The first value of a name wins; undefined changes nothing. */
export function keepAliased<Name extends keyof Aliased>(draft: Draft, name: Name, value: Aliased[Name]): void {
  if (value === undefined) return;
  draft.aliased ??= {};
  draft.aliased[name] ??= value;
}
