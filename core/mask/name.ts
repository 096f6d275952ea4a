import { isDigit, letterBitOf } from './letter.ts';

/**
 * What the value under a name is: a secret, the signature of a request, or something that is a signature only where the
 * name stands in a URL or a header as `name=value`.
 */
export type SecretKind = 'secret' | 'signature' | 'query-signature';

/** Names longer than this are judged by their last part. */
export const MAX_NAME_LENGTH = 128;

/** Returns whether a field or map key of this name holds a secret, whatever its value is. */
export const isSecretName = (name: string): boolean => {
  const kind = secretKindOf(name);
  return kind === 'secret' || kind === 'signature';
};

/**
 * Words decide, not letters: `dbPassword`, `DB_PASSWORD_2` and `db.password` are the same three times, `secretary` is
 * none. A last word that says something *about* a secret (`password_length`, `secret_arn`, `token_count`) takes it back.
 */
export function secretKindOf(name: string): SecretKind | undefined {
  if (!STEM.test(name)) return undefined;
  if (QUERY_SIGNATURE.test(name)) return 'query-signature';
  const words = wordsOf(name.slice(-MAX_NAME_LENGTH));
  if (SIGNATURE.test(words)) return 'signature';
  return SECRET.test(words) && !ABOUT.test(words) && !COMPLAINT.test(words) && !PLACE_TOKEN.test(words)
    ? 'secret'
    : undefined;
}

/**
 * Each bit of a set is a letter. A name without all letters of any word that makes a secret is no secret's, which most
 * names are found to be without being cut out of their text.
 */
export const mayBeSecretName = (letters: number, length: number, last: number): boolean => {
  if (length < SHORTEST_NAME) return false;
  for (let index = 0; index < SECRET_WORDS.length; index++) {
    const word = SECRET_WORDS[index] ?? 0;
    if ((letters & word) === word) return true;
  }
  // `sig` is a whole name, and `db_pass` ends with its word.
  if (length < 5) return (letters & SIG) === SIG;
  return (last === 115 || last === 83 || isDigit(last)) && (letters & PASS) === PASS;
};
const lettersOf = (word: string): number =>
  [...word].reduce((letters, letter) => letters | letterBitOf(letter.charCodeAt(0)), 0);
const SECRET_WORDS = [
  ...['key', 'token', 'secret', 'passw', 'pwd', 'passphrase', 'passcode', 'credential', 'authorization', 'redisauth'],
  ...['bearer', 'cookie', 'signature', 'googleaccessid'],
].map(lettersOf);
const SIG = lettersOf('sig');
const PASS = lettersOf('pass');
const SHORTEST_NAME = 3;

/**
 * The words of a name in lower case, one blank apart, without the numbers that only tell namesakes apart. Every
 * repetition is over a name of bounded length.
 */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/ ?\d{1,4}(?= |$)/g, '')
    .trim();

/** Every name below contains one of these: a cheap first test. */
const STEM = /pass|pwd|secret|token|key|auth|cred|cookie|bearer|sig|accessid/i;

const SECRET = new RegExp(
  `(?:^| )(?:(?:${[
    // Also at the end of a longer word, as in `PGPASSWORD` and `clientsecret`.
    '\\w*(?:passwords?|passwd|passphrase|passcode|pwd|secrets?|credentials?)',
    '\\w*(?:(?:api|access|private|secret|account|shared|master)keys?|(?:auth|access|refresh|session|security|bearer|api|id)token)',
    '(?:redis|rediscli) auth',
    '(?:api|access|private|secret|account|encryption|signing|master|shared|ssh|subscription|auth|application|consumer|dd app) keys?',
    'token|bearer|authorization|cookie',
  ].join(
    '|',
  )})(?= |$)|(?:db|user|usr|smtp|mail|s?ftp|mysql|pg|postgres|redis|mongo|root|admin|proxy|login|key|store|http|ssh) ?pass$)`,
);

const SIGNATURE =
  /^x (?:amz|goog|oss|ms|cos|hub) (?:signature|credential|security token)$|^(?:oauth|shared access) signature$/;
const QUERY_SIGNATURE = /^(?:sig|signature|(?:aws|oss)?accesskeyid|googleaccessid)$/i;

const ABOUT =
  / (?:counts?|length|len|size|limits?|usage|used|budget|totals?|max|min|num|number|names?|ids?|arns?|types?|policy|expiry|expires|expiration|expired|age|ttl|in|at|on|date|time|timestamp|version|ur[il]s?|endpoint|paths?|files?|filename|location|provider|source|manager|store|vault|enabled|disabled|required|valid|present|exists|found|status|state|mode|method|format|rotation|rotated|changed|updated|created|hint|field|columns?|index|prefix|scopes?|rate|errors?|ref|reference|alias|algorithm|class|server|grant|label|env|var|offset|position)$/;

/** Names of errors: a sentence follows `ExpiredToken:`, not a secret. */
const COMPLAINT =
  /(?:^| )(?:expired|invalid|missing|unexpected|unknown|illegal|unrecognized|wrong|incorrect|unsupported|duplicate) /;

/** Tokens that are no credentials: positions of a reader, and those of a tokenizer. */
const PLACE_TOKEN =
  /(?:^| )(?:next|page|continuation|pagination|idempotency|request|sync|cancellation|starting|stop|start|end|eos|bos|pad|unk|sep|cls|mask|special|input|output|prompt|completion|first|last|per) ?token$/;
