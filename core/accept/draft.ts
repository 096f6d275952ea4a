import type { Mask } from '../mask/mask.ts';

/** What accept knows beyond the line itself. */
export interface AcceptSettings {
  /** Stamped on events that name none. */
  readonly environment: string;
  /** IANA zone in which times without one are read. */
  readonly zone: string;
  /** Keep e-mail addresses in `user` as they are. Off: they become a stable short hash. */
  readonly keepUserEmail: boolean;
  readonly mask: Mask;
  /** 32 hex digits that depend on every byte of what goes in. */
  readonly hash: (content: string | Uint8Array) => string;
}

/** One event in the making: the canonical fields so far, and what had to be assumed on the way. */
export interface Draft {
  readonly fields: Record<string, unknown>;
  readonly settings: AcceptSettings;
  /** Values the canonical fields cannot hold, under the names they came with. No prototype: keys are the producer's. */
  extra: Record<string, unknown> | null;
  /** Words of foreign dialects, consumed once all fields are read. */
  dialect: Record<string, unknown> | null;
  flags: string[] | null;
  /** More than defaults was changed: the line itself must be kept. */
  changed: boolean;
}

export const draftOf = (fields: Record<string, unknown>, settings: AcceptSettings): Draft => ({
  fields,
  settings,
  extra: null,
  dialect: null,
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

export function keepExtra(draft: Draft, name: string, value: unknown): void {
  draft.extra ??= Object.create(null) as Record<string, unknown>;
  draft.extra[name] = value;
}
