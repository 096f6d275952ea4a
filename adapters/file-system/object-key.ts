import { join } from 'node:path';
import { PACKED_SUFFIX } from '../../core/object-keys.ts';

/** Files under the root with these names are no objects: half-written files, and open segments. Of packed ones, the name without the suffix is. */
export const TEMPORARY_PREFIX = '.tmp-';
export const OPEN_SUFFIX = '.open';

export const isObjectName = (name: string): boolean =>
  !name.startsWith(TEMPORARY_PREFIX) && !name.endsWith(OPEN_SUFFIX) && !isPacked(name);

export const isPacked = (name: string): boolean => name.endsWith(`.ndjson${PACKED_SUFFIX}`);

/** The file of a key. Throws when the key could leave the root, or when `list` would not return it. */
export function fileOf(root: string, key: string): string {
  const segments = key.split('/');
  const refused = segments.find((segment) => !isSegment(segment)) ?? (isObjectName(key) ? undefined : key);
  if (refused !== undefined) throw new Error(expectation(key, refused));
  return join(root, ...segments);
}

const isSegment = (segment: string): boolean =>
  segment !== '' && segment !== '.' && segment !== '..' && !/[\\\0]/.test(segment) && isObjectName(segment);

const expectation = (key: string, refused: string): string =>
  `Expected a key such as "raw/dt=2025-11-03/hh=12/a.ndjson": names joined by "/", none of them empty, "." or "..", ` +
  `none with "\\", beginning with "${TEMPORARY_PREFIX}" or ending in "${OPEN_SUFFIX}" or ".ndjson${PACKED_SUFFIX}"; got ${JSON.stringify(key)} ` +
  `(${JSON.stringify(refused)}). Use a relative key without these.`;
