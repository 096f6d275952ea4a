import { isEmail, maskEmails, maskUrlPasswords } from './address.ts';
import { looksLikeJson, maskJson } from './json.ts';
import { isSecretName } from './name.ts';
import { maskPairs } from './pairs.ts';
import { type ConfiguredPattern, configuredMaskOf } from './pattern.ts';
import { maskTokens } from './token.ts';

export { isEmail, isSecretName };

/** Replaces secrets and personal data in a text by placeholders that name their kind, such as `[email]`. Idempotent, linear. */
export type Mask = (text: string) => string;

export interface MaskOptions {
  /** Further patterns, applied after the built-in masks: matches become `[name]`. Default: none. */
  readonly patterns?: readonly ConfiguredPattern[];
}

/**
 * Makes a mask for e-mail addresses and credentials. It finds credentials by their form, by their name, and by their
 * position in a URL; it cannot find others (`curl -u user:password`, a password in a sentence). Throws an Error that names
 * the pattern when a configured one could cost more than a bounded number of steps.
 */
export const maskOf = (options: MaskOptions = {}): Mask => {
  const configured = options.patterns?.length ? configuredMaskOf(options.patterns, MARKS) : undefined;
  return (text) => {
    let masked = text;
    // A placeholder may complete another secret beside it, so rounds repeat until one changes nothing.
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const again = maskOnce(masked, configured, 0);
      if (again === masked) return masked;
      masked = again;
    }
    return '[masked]';
  };
};

/** The built-in placeholders. `masked` replaces a whole text when the rounds do not end. */
const MARKS = [
  'email',
  'aws-access-key',
  'jwt',
  'token',
  'password',
  'signature',
  'secret',
  'private-key',
  'masked',
] as const;

const MAX_ROUNDS = 5;
/** JSON text may contain JSON text. Below this depth it is masked as plain text. */
const MAX_JSON_DEPTH = 4;

function maskOnce(text: string, configured: Mask | undefined, depth: number): string {
  const isJson = depth < MAX_JSON_DEPTH && looksLikeJson(text);
  const hasBlanks = text.includes(' ');
  let masked = maskTokens(text, hasBlanks);
  if (NAMES_GATE.test(masked)) {
    // URLs before pairs, because `https://token:x@host` is no pair. Addresses last, because `password=a@b.com` is no address.
    const addressed = ADDRESS_GATE.test(masked);
    if (addressed) masked = maskUrlPasswords(masked);
    masked = maskPairs(masked, hasBlanks || isJson);
    if (addressed) masked = maskEmails(masked);
  }
  if (configured) masked = configured(masked);
  // When a round found nothing, only escaped text can still hide a secret; see ESCAPED.
  if (!isJson || (masked === text && !ESCAPED.test(text))) return masked;
  return maskJson(text, (part) => maskOnce(part, configured, depth + 1)) ?? masked;
}

const NAMES_GATE = /[=:@%]|--/;
const ADDRESS_GATE = /@|%40/;
/** Escapes in which a secret can hide: a letter by its number, a slash, and a tab other than that of a stack trace. */
const ESCAPED = /\\(?:[u/]|t(?!at ))/;
