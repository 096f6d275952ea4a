/**
 * Replaces e-mail addresses and credentials in a text by placeholders such as `[email]`. The ledger masks again when it
 * accepts an event, and knows more kinds of secrets; this one keeps common secrets from leaving the host.
 *
 * Every pattern is linear: it starts only where a run of its characters starts (the lookbehinds), and is tried only if a
 * literal it needs is in the text at all.
 */
export function mask(text: string): string {
  let masked = text;
  if (masked.includes('://')) masked = masked.replace(URL_PASSWORD, '$1:[password]@');
  if (masked.includes('eyJ')) masked = masked.replace(JWT, '[jwt]');
  if (masked.includes('AKIA') || masked.includes('ASIA')) masked = masked.replace(AWS_KEY, '[aws-access-key]');
  if (BEARER_GATE.test(masked)) masked = masked.replace(BEARER, '$1[token]');
  if (SIGNATURE_GATE.test(masked)) masked = masked.replace(SIGNATURE, '$1[signature]');
  if (SECRET_GATE.test(masked)) masked = masked.replace(SECRET, '$1$2$3[secret]');
  if (masked.includes('@')) masked = masked.replace(EMAIL, '[email]');
  return masked;
}

/** Whether the value under this name is a secret whatever it looks like: `db_password`, `apiKey`, `X-Amz-Signature`. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Whether a text is an e-mail address and nothing else. */
export const isEmail = (text: string): boolean => ONLY_EMAIL.test(text);

/** Of a signed URL. */
const SIGNATURE_GATE = /sig(?:nature)?=/i;
const SIGNATURE = /((?:signature|[?&]sig)=)[^\s"'\\&,;[\]]+/gi;
/** A user may be an e-mail address: the password ends at the last `@` before the path. */
const URL_PASSWORD = /(:\/\/[^\s:/"'<>]*):[^\s/"'<>]+@/g;
const JWT = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g;
const AWS_KEY = /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])/g;
const BEARER_GATE = /bearer/i;
const BEARER = /\b(bearer\s{1,8})[\w.~+/=-]{8,}/gi;
/** The last label is letters: `zod@4.6.7` is a package. */
const EMAIL_TEXT = String.raw`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,63}`;
const EMAIL = new RegExp(String.raw`(?<![\p{L}\p{N}._%+-])${EMAIL_TEXT}`, 'gu');
const ONLY_EMAIL = new RegExp(`^${EMAIL_TEXT}$`, 'u');

const SECRET_WORDS =
  'password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|account[_-]?key|private[_-]?key|credentials?|authorization';
const SECRET_NAME = new RegExp(`(?:${SECRET_WORDS}|signature|^sig)$`, 'i');
const SECRET_GATE = new RegExp(SECRET_WORDS, 'i');
/** `name=value`, `name: value` and `"name":"value"`, also when the JSON itself stands in a JSON string. */
const SECRET = new RegExp(
  String.raw`((?:${SECRET_WORDS})\\?["']?\s{0,4}[:=]\s{0,4})(?:(\\?")[^"\\]*|(')[^'\\]*|(?:(?:bearer|basic)\s{1,4})?[^\s"'\\&,;{}[\]]+)`,
  'gi',
);
