import { TOKEN_FORMS } from './token-forms.ts';

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface TokenSample {
  readonly rule: string;
  readonly text: string;
  /** The generated parts: what must not be left. */
  readonly parts: readonly string[];
}

/** Generated tokens of every rule, a number of each form. */
export function tokenSamples(perForm: number, random: () => number): readonly TokenSample[] {
  return Object.entries(TOKEN_FORMS).flatMap(([rule, forms]) =>
    forms.flatMap((form) => Array.from({ length: perForm }, () => ({ rule, ...sampleOf(form, random) }))),
  );
}

function sampleOf(form: string, random: () => number): { readonly text: string; readonly parts: readonly string[] } {
  const parts: string[] = [];
  const text = form.replace(/\{([^*}]+)\*(\d+)(?:-(\d+))?\}/g, (_, letters: string, least: string, most = least) => {
    const length = Number(least) + Math.floor(random() * (Number(most) - Number(least) + 1));
    const alphabet = lettersOf(letters);
    const part = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
    if (length >= 8) parts.push(part);
    return part;
  });
  return { text, parts };
}

const lettersOf = (letters: string): string =>
  letters.replace(/([a-zA-Z0-9])-([a-zA-Z0-9])/g, (_, from: string, to: string) =>
    Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_none, at) =>
      String.fromCharCode(from.charCodeAt(0) + at),
    ).join(''),
  );

/** Sentences around a token that does not say what it is. */
export const PROSE: readonly ((token: string) => string)[] = [
  (token) => token,
  (token) => `could not connect with ${token} at all`,
  (token) => `retrying request 3 of 5 (${token}), giving up.`,
  (token) => `used "${token}".`,
  (token) => `2025-11-03T10:15:00Z ERROR loader\n  ${token}\n  at run`,
  (token) => `sent ${token}. Then it failed`,
];

/** Places under the name of a secret. */
export const NAMED: readonly ((token: string) => string)[] = [
  (token) => `api_token=${token}`,
  (token) => `{"api_key":"${token}"}`,
  (token) => `got {"client_secret": "${token}"} back`,
  (token) => `headers={'X-Api-Key': '${token}'}`,
  (token) => `DB_PASSWORD: ${token}`,
];
