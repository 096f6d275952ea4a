import { dateOf, type Instant } from './instant.ts';

/**
 * The folders of the object store. This is the only place that names them: what writes, reads, grants, expires or
 * declares tables takes its names from here.
 */
export const FOLDERS = {
  /** Accepted lines, by UTC hour of arrival. */
  raw: 'raw',
  /** Lines that could not be accepted, with their reason, by UTC hour of arrival. */
  rejected: 'rejected',
  /** Whole masked lines that were too large to land uncut, by UTC day of arrival. */
  oversize: 'oversize',
  /** What Firehose could not transform or deliver, in its own envelopes. On AWS only. */
  failed: 'failed',
  /** Which questions were asked and by whom, by UTC day. On AWS only with the option `accessLog`. */
  access: 'access',
  /** What became of incidents: their changes, what people decided, and receipts, by UTC hour of their detection. */
  incidents: 'incidents',
  /** What was decided about failed runs, and what became of it, by UTC day. */
  recovery: 'recovery',
  /** The slots of each UTC day, and the runs that filled them. */
  slots: 'slots',
  /** Reports that were sent, by UTC day. On AWS only with the option `reports`. */
  reports: 'reports',
  /** What a ledger makes once and keeps, such as its salt: not for those who may query. */
  settings: 'settings',
  /** What people decided of raw objects, by the keys of those. */
  decisions: 'decisions',
  /** What people did that leaves no record elsewhere, by UTC day. */
  acts: 'acts',
  /** What each sealed UTC day held, chained by hash. Never rewritten. */
  manifests: 'manifests',
  /** The Iceberg tables: on AWS only. And how far the changes of runs have come. */
  tables: 'tables',
  /** What Athena answers. On AWS only. */
  results: 'results',
} as const;

/** The prefix of accepted lines, or of those that arrived on one UTC day (`YYYY-MM-DD`). */
export const rawFolder = (day?: string): string =>
  day === undefined ? `${FOLDERS.raw}/` : `${FOLDERS.raw}/dt=${day}/`;

/** The prefix, below a folder, of the UTC hour in which lines arrived. */
export const arrivalFolder = (folder: string, arrivedAt: Instant): string =>
  `${folder}/dt=${dateOf(arrivedAt)}/hh=${arrivedAt.slice(11, 13)}/`;

/** The key of a masked line that was too large to land uncut, kept whole. */
export const oversizeKey = (lineKey: string, arrivedAt: Instant): string =>
  `${FOLDERS.oversize}/dt=${dateOf(arrivedAt)}/${lineKey}.json`;

/**
 * On a laptop, the file of a raw object that is packed bears its key and this. The key stays what it is: records, tables
 * and `"$path"` name the object, not the file.
 */
export const PACKED_SUFFIX = '.zst';

/** The day from which on raw lines are kept: what arrived before it was deleted on purpose. On a laptop only. */
export const RAW_KEPT_FROM_KEY = `${FOLDERS.settings}/raw-kept-from`;

/** The key of the file of pipelines that holds, as it was applied. */
export const PIPELINES_KEY = `${FOLDERS.settings}/pipelines.json`;

/**
 * The key of a number that some change of a run has: the search for the last one begins there. It lies beside the table on
 * AWS, so that whoever may write that may write it.
 */
export const RUN_CHANGES_KEY = `${FOLDERS.tables}/run_changes-number.json`;

/** The key of the slots of one UTC day (`YYYY-MM-DD`). */
export const slotsKey = (day: string): string => `${FOLDERS.slots}/dt=${day}/slots.ndjson`;

/** The key of the silences that people asked for. */
export const SILENCES_KEY = `${FOLDERS.settings}/silences.json`;

/** The prefix of the named tokens of a served ledger, one object each: hashes of secrets, and what their holders may do. */
export const TOKENS_PREFIX = `${FOLDERS.settings}/tokens/`;

/** The key of the salt of people's hashes. */
export const USER_SALT_KEY = `${FOLDERS.settings}/user-salt`;

/** The prefix of the questions that were asked on one UTC day (`YYYY-MM-DD`). */
export const accessFolder = (day: string): string => `${FOLDERS.access}/dt=${day}/`;

/** The UTC day in an object's key, or in a prefix; undefined when it names none. */
export const arrivalDateOf = (key: string): string | undefined => /dt=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1];

/** Folders whose objects are written once and sealed by day: what was sent, and what people and the ledger decided. */
export const SEALED_FOLDERS = [
  FOLDERS.raw,
  FOLDERS.rejected,
  FOLDERS.incidents,
  FOLDERS.recovery,
  FOLDERS.acts,
  FOLDERS.decisions,
] as const;

/** The key of the manifest of one UTC day (`YYYY-MM-DD`). */
export const manifestKey = (day: string): string => `${FOLDERS.manifests}/dt=${day}/manifest.ndjson`;
