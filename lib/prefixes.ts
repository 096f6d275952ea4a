import { FOLDERS } from '../core/object-keys.ts';

/** What the keys in each folder of the bucket begin with: `raw/` and so on. */
export const PREFIXES = {
  raw: `${FOLDERS.raw}/`,
  rejected: `${FOLDERS.rejected}/`,
  oversize: `${FOLDERS.oversize}/`,
  failed: `${FOLDERS.failed}/`,
  access: `${FOLDERS.access}/`,
  incidents: `${FOLDERS.incidents}/`,
  slots: `${FOLDERS.slots}/`,
  recovery: `${FOLDERS.recovery}/`,
  acts: `${FOLDERS.acts}/`,
  manifests: `${FOLDERS.manifests}/`,
  reports: `${FOLDERS.reports}/`,
  settings: `${FOLDERS.settings}/`,
  decisions: `${FOLDERS.decisions}/`,
  tables: `${FOLDERS.tables}/`,
  results: `${FOLDERS.results}/`,
} as const satisfies Readonly<Record<keyof typeof FOLDERS, string>>;
