/**
 * Masks credentials by the words before them: private keys, the schemes of headers (`Bearer …`), SQL (`identified by
 * '…'`), and commands (`curl -u user:…`). Each pattern is bounded at every place of a text and begins with a literal.
 */
export function maskPhrases(text: string): string {
  if (!WORDS.test(text) && !(OPTION.test(text) && COMMANDS.test(text))) return text;
  return PHRASES.reduce(
    (masked, [pattern, mark, isHarmless]) =>
      masked.replace(pattern, (whole: string, before: string, value: string) =>
        value.startsWith('[') || isHarmless?.(value) ? whole : `${before}[${mark}]`,
      ),
    maskPrivateKeys(text),
  );
}

const WORDS = /b(?:earer|asic)|private key|identified|passw|s(?:ecret|ession_token|qlplus|qlldr)|expdp|impdp/i;
/** Every other command has its password behind an option. */
const OPTION = /\s-[-A-Za-z]/;
const COMMANDS = /curl|wget|mysql|mariadb|sshpass|redis-cli|mongo|docker|az login|sqlcmd|bcp|unzip|ldap/;

/** The start of a word. The letter after a backslash is an escape, not part of the word. */
const EDGE = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))`;
/** The words before a quoted text in SQL. */
const SQL = String.raw`(?:passw(?:or)?d|identified\s(?:with\s\w{1,40}\s)?by(?:\spassword)?|(?:aws_)?secret_(?:access_)?key|(?:aws_)?session_token|[,(]\s{0,4}secret)`;
/** What follows an option, to its end; a longer text in front of the option bears a shorter argument, for their product is the cost. */
const argument = (max: number): string =>
  String.raw`["']?)((?<=")[^"\n]{1,${max}}|(?<=')[^'\n]{1,${max}}|[^\s"'|;&-][^\s"'|;&]{0,${max - 1}})`;
const ARGUMENT = argument(512);
const WITHIN = String.raw`\b[^\n|;&]{0,200}?\s`;

/** `Bearer` and `Basic` are words of English too: what follows one must not be another such word. */
const isBearerWord = (value: string): boolean =>
  /^(?:tokens?|auth[a-z]*|access|schemes?|header|realm|scope|resource|challenge|errors?|errou?r_[a-z]+|format|credentials?|type|method|flow|with|without|from|instead|missing|required|invalid|expired|failed|rejected|shares?|bonds?)[.=]{0,3}$/i.test(
    value,
  );
/** Base64 has a length that is a multiple of four. */
const isNoBase64 = (value: string): boolean => value.length % 4 !== 0 || !/\d|[a-z][A-Z]|=$/.test(value);

/** Exported so that the tests can check that every one is bounded. */
export const PHRASES: readonly (readonly [pattern: RegExp, mark: string, isHarmless?: (value: string) => boolean])[] = [
  [new RegExp(String.raw`(${EDGE}bearer {1,4})([\w.~+/-]{4,8192}={0,2})`, 'gi'), 'token', isBearerWord],
  [new RegExp(`(${EDGE}basic {1,4})([A-Za-z0-9+/]{6,1024}={0,2})`, 'gi'), 'token', isNoBase64],
  [new RegExp(String.raw`(${EDGE}${SQL}\s{1,2}')([^'\n]{1,4096})`, 'gi'), 'secret'],
  [new RegExp(String.raw`(${EDGE}${SQL}\s{1,2}")([^"\n]{1,4096})`, 'gi'), 'secret'],
  [/(\bSECRET\s{1,4}')([^'\n]{1,4096})/g, 'secret'],
  [
    /(\bidentified\sby\s{1,2})([^\s"';\\]{1,4096})/gi,
    'secret',
    (value) => /^(?:values|password|externally)$/i.test(value),
  ],
  [/(\b(?:sqlplus|sqlldr|expdp|impdp)\s{1,2}(?:-[sSlL]\s){0,2}["']?[\w$#.-]{1,64}\/)([^\s@"'/]{1,1024})/gi, 'password'],
  [
    new RegExp(String.raw`(\b(?:mysql(?:dump|admin|import|sh)?|mariadb(?:-dump)?)${WITHIN}-p${ARGUMENT}`, 'g'),
    'password',
  ],
  [new RegExp(String.raw`(\bsshpass\s-p\s?${ARGUMENT}`, 'g'), 'password'],
  [
    new RegExp(String.raw`(\b(?:curl|wget)\b[^|;]{0,400}?\s(?:-u|--user|--proxy-user)[ =]?${argument(160)}`, 'g'),
    'password',
    (value) => !value.includes(':'),
  ],
  [new RegExp(String.raw`(\bredis-cli${WITHIN}-a\s${ARGUMENT}`, 'g'), 'password'],
  [
    new RegExp(
      String.raw`(\b(?:mongo(?:sh|dump|restore|export|import)?|docker login|az login)${WITHIN}-p\s${ARGUMENT}`,
      'g',
    ),
    'password',
  ],
  [new RegExp(String.raw`(\b(?:sqlcmd|bcp|unzip)${WITHIN}-P\s?${ARGUMENT}`, 'g'), 'password'],
  [new RegExp(String.raw`(\bldap(?:search|modify|add|whoami)${WITHIN}-w\s${ARGUMENT}`, 'g'), 'password'],
];

/** From `-----BEGIN … PRIVATE KEY-----` to its end line. Without an end line, as far as the text looks like a key. */
export function maskPrivateKeys(text: string): string {
  let masked = '';
  let done = 0;
  let close = 0;
  for (let at = text.indexOf(BEGIN); at !== -1; at = text.indexOf(BEGIN, Math.max(done, at + 1))) {
    PRIVATE_KEY.lastIndex = at;
    if (!PRIVATE_KEY.test(text)) continue;
    const from = PRIVATE_KEY.lastIndex;
    if (close !== -1 && close < from) close = text.indexOf('-----END ', from);
    const isClosed = close !== -1 && close - from < MAX_KEY_LENGTH;
    const rest = isClosed ? END_LINE : KEY_TEXT;
    rest.lastIndex = isClosed ? close : from;
    rest.test(text);
    masked += `${text.slice(done, at)}[private-key]`;
    done = Math.max(from, rest.lastIndex);
  }
  return done === 0 ? text : masked + text.slice(done);
}

const BEGIN = '-----BEGIN ';
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9_-]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const END_LINE = /-----END [A-Z0-9 _-]{0,64}/y;
/** Base64, the lines of a header, blanks and line ends, those of JSON text too. */
const KEY_TEXT = /(?:[A-Za-z0-9 \n\r\t+/=,:-]|\\(?=[nrt\\]))*/y;
const MAX_KEY_LENGTH = 32_768;
