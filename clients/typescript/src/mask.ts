import { maskWith } from './mask/built-in.ts';

export { isEmail } from './mask/addresses.ts';
export { kindUnder, markOf, namedIn, type SecretKind } from './mask/names.ts';

/**
 * Replaces e-mail addresses and credentials in a text by placeholders such as `[email]`, as the ledger does when it accepts
 * an event: so they never leave the host. What a ledger's own patterns mask besides is masked there.
 */
export const mask = maskWith();
