import { isEmail, maskEmails, maskOraclePasswords, maskUserInfo } from './mask-address.ts';
import { looksLikeJson, maskJson } from './mask-json.ts';
import { isSecretName } from './mask-name.ts';
import { maskPairs } from './mask-pairs.ts';
import { type ConfiguredPattern, configuredMaskOf } from './mask-pattern.ts';
import { maskTokens } from './mask-token.ts';

export { isEmail, isSecretName };

/** Replaces everything secret or personal in a text by a mark that says what was there, e.g. `[email]`. Idempotent, linear. */
export type Mask = (text: string) => string;

export interface MaskOptions {
  /** Further patterns: matches become `[name]`. They see what the built-in masks left. */
  readonly patterns?: readonly ConfiguredPattern[];
}

/**
 * Masks e-mail addresses, and credentials by their form, by the name they are given, and by their place in a URL. Throws
 * an Error that names the pattern when a configured one could cost more than a bounded number of steps.
 */
export const maskOf = (options: MaskOptions = {}): Mask => {
  const configured = options.patterns?.length ? configuredMaskOf(options.patterns, MARKS) : undefined;
  return (text) => {
    let masked = text;
    // What a round returns unchanged is done: so the result is masked whichever text the marks made new neighbours of.
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const again = maskOnce(masked, configured, 0);
      if (again === masked) return masked;
      masked = again;
    }
    return '[masked]';
  };
};

/** What the built-in marks say; `masked` stands for a whole text that did not come to rest. */
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
/** JSON text may hold JSON text; deeper than this it is masked as any text. */
const MAX_JSON_DEPTH = 4;

function maskOnce(text: string, configured: Mask | undefined, depth: number): string {
  let masked = text.length < MIN_TOKEN_LENGTH ? text : maskTokens(text);
  if (PAIR_OR_ADDRESS.test(masked)) {
    if (masked.includes('@')) masked = maskOraclePasswords(maskUserInfo(masked));
    masked = maskPairs(masked);
    if (masked.includes('@')) masked = maskEmails(masked, '@');
    if (masked.includes('%40')) masked = maskEmails(masked, '%40');
  }
  if (configured) masked = configured(masked);
  if (depth >= MAX_JSON_DEPTH || !looksLikeJson(text)) return masked;
  // Where no escape hides anything and nothing was found, the parts hold nothing either.
  if (masked === text && !text.includes('\\')) return text;
  return maskJson(text, (part) => maskOnce(part, configured, depth + 1)) ?? masked;
}

/** The shortest that `maskTokens` knows: `Bearer` with its value. */
const MIN_TOKEN_LENGTH = 11;
const PAIR_OR_ADDRESS = /[=:@]|--|%40/;
