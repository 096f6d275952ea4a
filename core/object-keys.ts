import { dateOf, type Instant } from './instant.ts';

/** The folder of accepted lines, or of those that arrived on one UTC day. */
export const rawFolder = (day?: string): string => (day === undefined ? 'raw/' : `raw/dt=${day}/`);

/** The folder below `prefix` of the UTC hour in which lines arrived. */
export const arrivalFolder = (prefix: string, arrivedAt: Instant): string =>
  `${prefix}/dt=${dateOf(arrivedAt)}/hh=${arrivedAt.slice(11, 13)}/`;

/** Where a masked line stands whole that was too large to land uncut. */
export const oversizeKey = (event_key: string, arrivedAt: Instant): string =>
  `oversize/dt=${dateOf(arrivedAt)}/${event_key}.json`;

/** The UTC day in an object's key, or in what it begins with. */
export const arrivalDateOf = (key: string): string | undefined => /dt=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1];
