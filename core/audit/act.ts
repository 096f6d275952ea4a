import { dateOf, type Instant } from '../instant.ts';
import { FOLDERS } from '../object-keys.ts';

/**
 * What a person did to the ledger that leaves no record of its own elsewhere. Incidents, rejections, watermarks and runs
 * that were asked for have theirs; the view `audit_log` reads all of them.
 */
export const ACT_KINDS = [
  'silence',
  'end_silence',
  'apply_pipelines',
  'forget',
  'create_token',
  'revoke_token',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

export interface Act {
  readonly kind: ActKind;
  readonly acted_at: Instant;
  /** Undefined: nobody said, such as of a file that changed on disk. */
  readonly who?: string | undefined;
  /** What it was done to: a pattern of pipelines, an object, a token. */
  readonly target: string;
  readonly environment?: string | undefined;
  /** In the words of that person. */
  readonly why?: string | undefined;
  /** What else tells this act from another one. */
  readonly detail?: string | undefined;
}

/** The record of an act, without a line end. The view reads these names. */
export const actLine = (act: Act): string =>
  JSON.stringify({
    ...act,
    ...Object.fromEntries(
      Object.entries(act).flatMap(([name, value]) => (typeof value === 'string' ? [[name, wellFormed(value)]] : [])),
    ),
  });

/** Acts of different moments, kinds or targets have keys of their own; one that is written twice is written once. */
export const actKey = (act: Act, hash: (text: string) => string): string =>
  `${FOLDERS.acts}/dt=${dateOf(act.acted_at)}/${act.acted_at.replace(/\D/g, '')}-${act.kind}-${hash(actLine(act)).slice(0, 16)}.ndjson`;

/** Engines read no text with a NUL in it, nor half a character. */
const wellFormed = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');
