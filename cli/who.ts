import type { Io } from './io.ts';

/** What the option `--who` says of itself. */
export const WHO = 'who you are (default: $USER)';

/** Whom a decision is noted under: who was typed, else the user of this machine. */
export const whoIs = (typed: string | undefined, { env }: Pick<Io, 'env'>): string => typed ?? env.USER ?? 'somebody';
