import { createHash } from 'node:crypto';
import type { Told } from '../../core/alert/as-of.ts';

/** An id of 128 bits, the same for the same parts. */
export const idOf = (...parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The id of what is told: the same whoever sends it, and however often. */
export const messageIdOf = (told: readonly Told[]): string =>
  idOf(...told.flatMap(({ incident, change }) => [incident.id, change.number]));
