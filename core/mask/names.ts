/**
 * What the value under a name is: a secret; a secret under a word that is one of English and of parsers too (`token`,
 * `pass`), or that counts (`tokens`); the signature of a request; or what is one only in a URL, as `name=value`.
 */
export type SecretKind = 'secret' | 'word' | 'count' | 'signature' | 'query-signature';

/** Longer names are judged by their last part. */
export const MAX_NAME_LENGTH = 128;

/** Returns whether a field or map key of this name holds a secret, unless `markOf` says that its value is none. */
export const isSecretName = (name: string): boolean => fieldKindOf(name) !== undefined;

/**
 * Words decide, not letters: `dbPassword`, `DB_PASSWORD_2` and `db.password` are the same three times, `secretary` is
 * none. A last word that says something *about* a secret (`password_length`, `secret_arn`, `token_count`) takes it back.
 */
export function secretKindOf(name: string): SecretKind | undefined {
  if (!STEM.test(name)) return undefined;
  if (QUERY_SIGNATURE.test(name)) return 'query-signature';
  const words = wordsOf(name.slice(-MAX_NAME_LENGTH));
  if (SIGNATURE.test(words)) return 'signature';
  if (NO_SECRET.test(words) || !SECRET.test(words)) return undefined;
  return COUNTING.test(words) ? 'count' : WORD.test(words) ? 'word' : 'secret';
}

/** What replaces a value under a name of this kind, or undefined when the value reveals nothing. */
export function markOf(kind: SecretKind, value: string, isQuoted = true): string | undefined {
  if (value === '' || isHarmless(value)) return undefined;
  if (kind === 'signature' || kind === 'query-signature') return '[signature]';
  if (kind === 'secret') return '[secret]';
  const isWord = (kind === 'count' ? COUNT : SMALL_NUMBER).test(value) || (!isQuoted && NO_TOKEN.test(value));
  return isWord ? undefined : '[secret]';
}

/** Values that reveal nothing: our own marks, spellings of no value, types, and where code takes its secret from. */
export const isHarmless = (value: string): boolean =>
  value.length <= 96 && (HARMLESS.test(value) || (REFERENCE.test(value) && STEM.test(value)));

/**
 * What kind of secret stands under a key: the one that the key lies under itself, the one it names, or the one that its
 * object names, as in `{ "name": "DB_PASSWORD", "value": … }`. `named` is asked only where it matters.
 */
export const kindUnder = (
  key: string,
  under: SecretKind | undefined,
  named: () => SecretKind | undefined,
): SecretKind | undefined => under ?? fieldKindOf(key) ?? (VALUE_KEYS.has(key) ? named() : undefined);

/** The keys of `NAMED` as they are written: asked of every key there is. */
const VALUE_KEYS: ReadonlySet<string> = new Set(
  'value Value VALUE val string_value stringValue StringValue parameter_value parameterValue ParameterValue plain_value plainValue plain_text plainText plaintext default_value defaultValue default content'.split(
    ' ',
  ),
);

/** What kind of secret an object says its value to be. */
export function namedIn(holder: object): SecretKind | undefined {
  for (const [key, name] of Object.entries(holder)) {
    const kind = typeof name === 'string' && NAMING.test(key) ? fieldKindOf(name) : undefined;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** A field is no part of a URL. */
const fieldKindOf = (name: string): SecretKind | undefined => {
  const kind = secretKindOf(name);
  return kind === 'query-signature' ? undefined : kind;
};

/** Keys under which an object says the name of its `value`, and those of that value. */
export const NAMING = /^(?:name|key|field|param(?:eter)?|parameter_?(?:name|key)|variable|header|property)$/i;
export const NAMED = /^(?:value|val|(?:string|parameter|plain|default)_?value|plain_?text|default|content)$/i;

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

/** Whether there may be a secret's name or a webhook in a text: a cheap first test. */
export const isTelling = (text: string): boolean => STEM.test(text);

/** Every name below contains one of these. */
const STEM =
  /p(?:ass|wd|(?:s?w|at|word)(?![a-z]))|s(?:ecret|ig|ess)|token|key|a(?:uth|ccessid)|c(?:red|ookie)|bearer|jwt|otp|hook/i;

const KEYS_OF =
  'api|access|private|secret|account|storage|encryption|decryption|signing|master|shared|ssh|subscription|auth|application|app|consumer|fernet|license|service|deploy|bot|hmac|aes|rsa|gpg|pgp|jwt|cipher|crypto|sas|admin|write|ingest|integration|dd|openai|anthropic|cohere|mistral|groq|gemini|azure|google|gcp|stripe|sendgrid|mailgun|mailchimp|twilio|datadog|newrelic|sentry|pagerduty|opsgenie|algolia|mapbox|heroku|github|gitlab|slack|snyk|sonar|cloudflare|fastly|airtable|notion|linear|segment|mixpanel|amplitude|huggingface|hf|pinecone|confluent|databricks|snowflake|postman|vercel|netlify|linkedin|twitter|facebook|telegram|discord|zendesk|intercom|hubspot|okta|jira|atlassian|bitbucket|artifactory|npm|pypi|docker';

const SECRET = new RegExp(
  `(?:^| )(?:${[
    // Also at the end of a longer word, as in `PGPASSWORD` and `clientsecret`.
    '\\w*(?:passwords?|passwd|passphrase|passcode|passkey|pwd|pswd|secrets?|credentials?|creds?)',
    '\\w*(?:(?:api|access|private|secret|account|shared|master)keys?|(?:auth|access|refresh|session|security|bearer|api|id)tokens?)',
    `(?:${KEYS_OF}) keys?`,
    '(?:redis|rediscli|basic|proxy|http) auth',
    'tokens?|bearer|authorization|cookies?|jwt|[a-z]+sess(?:ion)?id|gitlab session|otp|totp|webhook(?: ur[il])?',
    // Only as the last word.
    '(?:pass|requirepass|pw|psw|pword|pat|secret id)(?=$)',
    '(?:db|user|usr|smtp|mail|s?ftp|mysql|pg|postgres|redis|mongo|root|admin|proxy|login|key|store|http|ssh)(?:pass|pw)(?=$)',
  ].join('|')})(?= |$)`,
);

const WORD = /^(?:token|secret|pat|cookie)$/;
const COUNTING = /^pass$|(?:^| )(?:tokens|secrets|cookies|keys)$/;

const SIGNATURE =
  /^x (?:amz|goog|oss|ms|cos|hub) (?:signature|credential|security token)$|^(?:oauth|shared access) signature$/;
const QUERY_SIGNATURE = /^(?:sig|signature|(?:aws|oss)?accesskeyid|googleaccessid)$/i;

const NO_SECRET = new RegExp(
  [
    // What says something about a secret.
    '(?<!webhook)(?<!^secret)(?<! secret) (?:ids?|ur[il]s?)$',
    ' (?:counts?|length|len|size|limits?|usage|used|budget|totals?|max|min|num|number|names?|arns?|types?|policy|expiry|expires|expiration|expired|age|ttl|in|at|on|date|time|timestamp|version|endpoint|paths?|files?|filename|location|provider|source|manager|store|vault|enabled|disabled|required|valid|present|exists|found|status|state|mode|method|format|rotation|rotated|changed|updated|created|hint|field|columns?|index|prefix|scopes?|rate|errors?|ref|reference|alias|algorithm|class|server|grant|label|env|var|offset|position)$',
    // Errors: a sentence follows `ExpiredToken:`, not a secret.
    '(?:^| )(?:expired|invalid|missing|unexpected|unknown|illegal|unrecognized|wrong|incorrect|unsupported|duplicate) ',
    // Tokens that are no credentials: positions of a reader, and those of a tokenizer.
    '(?:^| )(?:next|page|continuation|pagination|idempotency|request|sync|cancellation|starting|stop|start|end|eos|bos|pad|unk|sep|cls|mask|special|input|output|prompt|completion|cached|reasoning|total|max|min|first|last|per|watermark) ?tokens?$',
  ].join('|'),
);

const HARMLESS =
  /^(?:(?:(?:bearer|basic|digest|token|negotiate|apikey) )?\[(?:email|aws-access-key|jwt|token|password|signature|secret|private-key|masked)\]|null|none|nil|undefined|true|false|yes|no|redacted|\*{3,64}|\$\{[\w.:-]{1,64}\}|\$\w{1,64}|\{\{[^{}]{1,64}\}\}|%\(\w{1,64}\)s|(?:optional\[)?(?:str|string|int|bytes|bool|boolean|any|object|text|varchar|char)(?:\(\d{1,5}\))?\]?|(?:os\.(?:environ|getenv)|process\.env|getpass|(?:self|config|settings|args|dbutils)\.?\w{0,32})[.[(].{0,64}|arn:aws[\w-]{0,8}:.{1,80})[)\]}>'`.,;]{0,8}$/i;
/** `on t.token = s.token`, `token=token`. */
const REFERENCE =
  /^(?:(?:[a-z_]\w{0,32}\.){1,4}\w{0,16}(?:token|secret|password|passwd|pwd|key)|token|secret|password|passwd|pwd|api_key)[),;]{0,4}$/i;
/** Numbers that count or tell a place rather than open a door; of counting names, in lists and maps too. */
const SMALL_NUMBER = /^\d{1,4}[)\]}>'`.,;]{0,4}$/;
const COUNT = /^(?=\D{0,64}\d)(?:[[\](){}\s,.;:]|\d{1,9}(?!\d))*$/;
/** What a parser calls a token: a word, or signs. */
const NO_TOKEN = /^(?:[A-Za-z<>/]{1,24}|[^A-Za-z0-9]{1,24})[)\]}>'`.,;!]{0,4}$/;
