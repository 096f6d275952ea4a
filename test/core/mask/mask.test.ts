import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmail, maskOf } from '../../../core/mask/mask.ts';
import { isSecretName, secretKindOf } from '../../../core/mask/names.ts';

const mask = maskOf();

// Parts of what only looks like a credential: put together here, so that no scanner takes this file for a leak.
const AWS_KEY = `AKIA${'IOSFODNN7EXAMPLE'}`;
const JWT = `eyJ${'hbGciOiJIUzI1NiJ9'}.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c`;
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const PEM = ['-----BEGIN RSA PRIVATE', ' KEY-----\nMIIEowIBAAKCAQEA\nabc/+=\n-----END RSA PRIVATE', ' KEY-----'].join(
  '',
);

describe('a mask says what was there', () => {
  it.each([
    ['contact bob.smith+x@example.co.uk now', 'contact [email] now'],
    ['<bob@x.com>, "al@y.org"', '<[email]>, "[email]"'],
    ['émile@exämple.fr', '[email]'],
    ['s3://bucket/bob@x.com_2025.csv', 's3://bucket/[email]_2025.csv'],
    ['https://x.io/?e=bob%40corp.com&y=1', 'https://x.io/?e=[email]&y=1'],
  ])('e-mail address: %s', (text, masked) => expect(mask(text)).toBe(masked));

  it.each([
    [`key ${AWS_KEY}.`, 'key [aws-access-key].'],
    [`AWS_ACCESS_KEY_ID=${AWS_KEY}`, 'AWS_ACCESS_KEY_ID=[aws-access-key]'],
    [`sent ${JWT}. Then`, 'sent [jwt]. Then'],
    [`used ${GITHUB} once`, 'used [token] once'],
    [`ghp_token ${GITHUB}.`, 'ghp_token [token].'],
    ['https://hooks.slack.com/services/T00/B00/XyZ now', 'https://hooks.slack.com/services/[token] now'],
    [PEM, '[private-key]'],
    [PEM.replaceAll('\n', '\\n'), '[private-key]'],
    [`cut ${PEM.slice(0, 60)}`, 'cut [private-key]'],
  ])('credential of a known form: %s', (text, masked) => expect(mask(text)).toBe(masked));

  const body = 'a1B2c3E4d5'.repeat(4);
  it.each([
    ...[
      'ghp_',
      'gho_',
      'ghs_',
      'github_pat_',
      'glpat-',
      'xoxb-',
      'xoxp-',
      'xoxe.xoxp-1-',
      'xapp-1-',
      'sk_live_',
      'rk_test_',
    ],
    ...['whsec_', 'sk-ant-api03-', 'sk-proj-', 'AIza', 'GOCSPX-', 'ya29.', 'hvs.', 'npm_', 'dbtc_', 'dbtu_', 'pnu_'],
    'glsa_',
  ])('token that begins with %s', (prefix) => expect(mask(`${prefix}${body}`)).toMatch(/^(?:xoxe\.)?\[token\]/));

  it.each([
    `dapi${'0a1b'.repeat(8)}`,
    `dose${'0a1b'.repeat(8)}`,
    `hf_${'aBcD'.repeat(9)}`,
    `SG.${'aB1-'.repeat(5)}.${'aB1_'.repeat(10)}`,
  ])('token %s', (token) => expect(mask(`used ${token}, once`)).toBe('used [token], once'));

  it.each([
    [`Bearer ${JWT}`, 'Bearer [token]'],
    ['got bearer abc123def456 back', 'got bearer [token] back'],
    ['Authorization: Bearer abcdefgh', 'Authorization: Bearer [token]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [token]'],
    ["-H 'Authorization: Token abc'", "-H 'Authorization: Token [token]'"],
    ['Authorization: abc123', 'Authorization: [secret]'],
    ['Set-Cookie: a=b; c=d', 'Set-Cookie: [secret]'],
  ])('header: %s', (text, masked) => expect(mask(text)).toBe(masked));

  it.each([
    ['postgres://user:pw@db.host:5432/x', 'postgres://user:[password]@db.host:5432/x'],
    ['postgres://user:p@s:s@db.host/x', 'postgres://user:[password]@db.host/x'],
    ['postgres://user:p/s?s#@db.host/x', 'postgres://user:[password]@db.host/x'],
    ['postgres://bob@corp.com:pw@db.host/x', 'postgres://[email]:[password]@db.host/x'],
    ['redis://:pw@host:6379', 'redis://:[password]@host:6379'],
    ['mongodb://u:p@h1:27017,h2:27017/db', 'mongodb://u:[password]@h1:27017,h2:27017/db'],
    ['https://token:x@host/a', 'https://token:[password]@host/a'],
    ['jdbc:oracle:thin:scott/tiger@//h:1521/x', 'jdbc:oracle:thin:scott/[password]@//h:1521/x'],
    [
      `https://b.s3.amazonaws.com/k?X-Amz-Credential=${AWS_KEY}%2F20251103&X-Amz-Date=20251103T000000Z&X-Amz-Security-Token=IQoJ%2F&X-Amz-Signature=abc`,
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=[signature]&X-Amz-Date=20251103T000000Z&X-Amz-Security-Token=[signature]&X-Amz-Signature=[signature]',
    ],
    [
      `?AWSAccessKeyId=${AWS_KEY}&Signature=x%2B&Expires=1`,
      '?AWSAccessKeyId=[aws-access-key]&Signature=[signature]&Expires=1',
    ],
    ['https://a.blob/c?sv=2020&sig=abc%3D&se=2025', 'https://a.blob/c?sv=2020&sig=[signature]&se=2025'],
  ])('URL: %s', (text, masked) => expect(mask(text)).toBe(masked));

  it.each([
    ['password=hunter2', 'password=[secret]'],
    ['password: hunter2 next', 'password: [secret] next'],
    ['PASSWORD = "a b" c', 'PASSWORD = "[secret]" c'],
    [`password => 'it''s'`, `password => '[secret]'`],
    ['AWS_SECRET_ACCESS_KEY=wJalr/X+K\nHOME=/root', 'AWS_SECRET_ACCESS_KEY=[secret]\nHOME=/root'],
    ['fs.azure.account.key.a.dfs.core.windows.net=x==', 'fs.azure.account.key.a.dfs.core.windows.net=[secret]'],
    ['API key: abc', 'API key: [secret]'],
    ['--password x --host y', '--password [secret] --host y'],
    ['--db-password=x --host y', '--db-password=[secret] --host y'],
    ['["--password", "x", "--host", "y"]', '["--password", "[secret]", "--host", "y"]'],
    [
      'jdbc:sqlserver://h:1433;user=sa;password=a;b;encrypt=true',
      'jdbc:sqlserver://h:1433;user=sa;password=[secret];encrypt=true',
    ],
    ['jdbc:mysql://h/d?user=u&password=a&b&useSSL=true', 'jdbc:mysql://h/d?user=u&password=[secret]&useSSL=true'],
    ['UID=sa;PWD={a;b c};x=1', 'UID=sa;PWD=[secret];x=1'],
    ['connect(user=x, password=y)', 'connect(user=x, password=[secret])'],
    ['{user=x, password=y}', '{user=x, password=[secret]}'],
    ["create user x password 'abc'", "create user x password '[secret]'"],
    ["{'password': b'x', 'n': 1}", "{'password': b'[secret]', 'n': 1}"],
    ['ab\\npassword=x\\nc=d', 'ab\\npassword=[secret]\\nc=d'],
  ])('secret under its name: %s', (text, masked) => expect(mask(text)).toBe(masked));

  it.each([
    ['{"password":"x","n":1}', '{"password":"[secret]","n":1}'],
    ['{"password": 12345}', '{"password": "[secret]"}'],
    ['{"token": null, "api_key": true}', '{"token": null, "api_key": true}'],
    ['got {"password": 12345, "a": "b"} back', 'got {"password": "[secret]", "a": "b"} back'],
    ['got {"password":"a\\"b\\\\","c":"d"}', 'got {"password":"[secret]","c":"d"}'],
    ['got {\\"password\\":\\"x\\",\\"a\\":\\"b\\"}', 'got {\\"password\\":\\"[secret]\\",\\"a\\":\\"b\\"}'],
    ['got "{\\"password\\":\\"x', 'got "{\\"password\\":\\"[secret]'],
    ['{"a":"{\\"password\\":\\"x\\"}"}', '{"a":"{\\"password\\":\\"[secret]\\"}"}'],
    ['{"m":"password\\u003dabc"}', '{"m":"password=[secret]"}'],
    ['{"m":"postgres:\\/\\/u:pw@h"}', '{"m":"postgres://u:[password]@h"}'],
    ['{"m":"a\\nbob@x.com"}', '{"m":"a\\n[email]"}'],
    ['{"bob@x.com": 1, "b": "it\'s"}', '{"[email]": 1, "b": "it\'s"}'],
  ])('JSON text: %s', (text, masked) => expect(mask(text)).toBe(masked));
});

/** What every client must give too. A text stands in parts where it would look like a leak to a scanner. */
const VECTORS: readonly { readonly text: readonly string[]; readonly masked: string }[] = JSON.parse(
  readFileSync('clients/vectors/mask.json', 'utf8'),
);

describe('a mask gives what every client gives', () => {
  it.each(VECTORS)('of $text', ({ text, masked }) => expect(mask(text.join(''))).toBe(masked));
});

describe('what is nobody’s secret stays', () => {
  it.each([
    's3://bucket/date=2025-11-03/',
    'arn:aws:iam::123456789012:role/x',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf',
    'abfss://container@account.dfs.core.windows.net/path',
    'akka.tcp://sparkDriver@ip-10-0-0-1.ec2.internal:7077',
    'http://[::1]:8080/users@home',
    'git@github.com:org/repo.git',
    'zod@4.6.7 golang.org/x/mod@v0.4.2 @types/node@24',
    'java.lang.Object@1b2c3d',
    '2025-11-03T10:15:00.000Z and 10:15:30',
    'mode=full',
    'token_count=5 max_tokens: 3',
    'pad_token: <pad>, next_token=abc',
    'primary key: id, partition_key=dt, sort_key: n',
    '9fceb02d0ae598e95dc970b74767f19372d61af8',
    '123e4567-e89b-12d3-a456-426614174000',
    '\tat org.apache.spark.sql.Dataset.show(Dataset.scala:825)',
    'ExpiredToken: The provided token has expired',
    'select token::text from t where secretary = 1',
    'PWD=/home/etl OLDPWD=/',
    'sk-learn-pipeline-v2-daily-run-x',
    'basic validation passed, bearer token missing',
    'ssl.key.password = null',
    `password=${'$'}{DB_PASSWORD} password=*****`,
    "column 'amount' not found",
    '-----BEGIN CERTIFICATE-----',
    '',
  ])('%s', (text) => expect(mask(text)).toBe(text));

  it('a text of ordinary words is returned as it came', () => {
    fc.assert(
      fc.property(ordinaryText(), (text) => {
        expect(mask(text)).toBe(text);
      }),
    );
  });
});

describe('masking', () => {
  it('is idempotent on any text', () => {
    fc.assert(
      fc.property(fc.oneof(mosaic(), fc.string({ unit: 'binary', maxLength: 60 })), (text) => {
        const once = mask(text);
        expect(mask(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['password=[secret]', 'f(token=[secret])', 'Authorization: Bearer [token]', '[email] wrote', '[masked]'])(
    'leaves its own mark alone: %s',
    (text) => expect(mask(text)).toBe(text),
  );

  it('masks what stands behind a mark that a secret begins with', () => {
    expect(mask('password=[secret]hunter2')).toBe('password=[secret]');
    expect(mask('postgres://[email]:hunter2@host')).toBe('postgres://[email]:[password]@host');
  });

  it('lets no secret through, whatever ordinary text stands around it', () => {
    fc.assert(
      fc.property(ordinaryText(), secret(), ordinaryText(), glue(), wrapping(), (before, secret, after, glue, wrap) => {
        expect(mask(wrap([before, secret.shown, after].join(glue)))).not.toContain(secret.hidden);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves JSON text JSON, whatever is in it', () => {
    fc.assert(
      fc.property(jsonWithSecrets(), (value) => {
        const masked = JSON.parse(mask(JSON.stringify(value)));
        expect(Object.keys(masked)).toHaveLength(Object.keys(value).length);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['{"a":["--password"],"note":1}', '{"a":["--password"],"note":1}'],
    ['[["--password"],"note"]', '[["--password"],"note"]'],
    ['["--password",{"note":"x"}]', '["--password",{"note":"x"}]'],
    ['["--password","hunter22"]', '["--password","[secret]"]'],
  ])('takes the text behind a flag for its value in the same list alone: %s', (text, masked) =>
    expect(mask(text)).toBe(masked),
  );

  it('keeps the quotes of JSON inside of other text balanced, at every depth of quoting', () => {
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z "\\{}:,]{0,12}$/), (password, other) => {
        const inner = JSON.stringify({ password, n: 1, other });
        expect(JSON.parse(mask(`got ${inner}`).slice(4))).toMatchObject({ n: 1, other });
        const outer = JSON.stringify({ inner });
        expect(JSON.parse(JSON.parse(mask(`got ${outer}`).slice(4)).inner)).toMatchObject({ n: 1, other });
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a secret’s name', () => {
  it.each(
    'password db_password dbPassword DB_PASSWORD_2 PGPASSWORD passwd MYSQL_PWD db_pass apiKey api_key x-api-key APIKEY aws_secret_access_key AWS_SESSION_TOKEN Authorization Proxy-Authorization client_secret accessToken _authToken fs.s3a.secret.key private_key AccountKey set-cookie credentials X-Amz-Signature token secret_key_base'.split(
      ' ',
    ),
  )('is %s', (name) => expect(isSecretName(name)).toBe(true));

  it.each(
    'token_count key primary_key partition_key max_tokens secretary keyboard monkey secret_arn secret_name password_length passes author auth_type next_token total_tokens aws_access_key_id public_key InvalidToken user'.split(
      ' ',
    ),
  )('is not %s', (name) => expect(isSecretName(name)).toBe(false));

  it('is found the same in free text and as a field', () => {
    fc.assert(
      fc.property(
        fc.array(nameWord(), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('_', '-', '.', ''),
        (words, glue) => {
          const name = words.join(glue);
          fc.pre(!/pwd$/i.test(name));
          expect(mask(`${name}=/abc`) !== `${name}=/abc`).toBe(secretKindOf(name) !== undefined);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('isEmail', () => {
  it.each(['bob@x.com', 'a.b+c@d-e.co.uk', 'éric@exämple.fr'])('says yes to %s', (text) =>
    expect(isEmail(text)).toBe(true),
  );
  it.each(['', 'bob', '@x.com', 'bob@', 'bob@host', 'bob@x.com and al@y.org', ' bob@x.com', 'bob@x.com.', 'zod@4.6.7'])(
    'says no to "%s"',
    (text) => expect(isEmail(text)).toBe(false),
  );
});

const words = ['daily', 'orders', 'loaded', 'mode=full', 'rows:', 'the', 'token', 'count', 'secretary', 'key', 'at'];
const places = [
  's3://bucket/date=2025-11-03/',
  'arn:aws:iam::123:role/x',
  '2025-11-03T10:15:00Z',
  'token_count=5',
  '(a.scala:12)',
];

function ordinaryText(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...words, ...places), { maxLength: 8 }).map((parts) => parts.join(' '));
}

/** A secret as it is shown in a text, and the part of it that must be gone. */
function secret(): fc.Arbitrary<{ shown: string; hidden: string }> {
  const hidden = fc.stringMatching(/^Zq[A-Za-z0-9]{14,40}9$/);
  const forms: readonly ((hidden: string) => string)[] = [
    (s) => `${s}@example.com`,
    (s) => `password=${s}`,
    (s) => `db.password: ${s}`,
    (s) => `PGPASSWORD=x${s}/+)`,
    (s) => `"password":"${s}"`,
    (s) => `"api_key" : "a b ${s}"`,
    (s) => JSON.stringify(JSON.stringify({ apiKey: s })),
    (s) => JSON.stringify({ password: `"\\${s}\n'` }),
    (s) => `{'token': '${s}'}`,
    (s) => `--secret-key ${s}`,
    (s) => `--password=${s}`,
    (s) => `AWS_SECRET_ACCESS_KEY=${s}`,
    (s) => `postgres://user:${s}@host/db`,
    (s) => `postgres://user:a/${s}@host/db`,
    (s) => `jdbc:sqlserver://h:1;password=${s};user=x`,
    (s) => `Authorization: Bearer ${s}`,
    (s) => `bearer ${s}`,
    (s) => `https://h/k?X-Amz-Signature=${s}&x=1`,
    (s) => `https://h/k?sv=1&sig=${s}%3D`,
    (s) => `eyJ${s}.eyJ${s}.${s}`,
    (s) => `github_pat_${s.repeat(2)}`,
    (s) => PEM.replace('MIIEowIBAAKCAQEA', s),
  ];
  return fc.tuple(hidden, fc.constantFrom(...forms)).map(([s, form]) => ({ shown: form(s), hidden: s }));
}

const glue = (): fc.Arbitrary<string> => fc.constantFrom(' ', '\n', ', ', '; ', '\t', ' | ', '\r\n  ');

/** The ways in which a text comes: as it is, as a line of JSON, as such a line in JSON, cut, with ASCII escapes only. */
function wrapping(): fc.Arbitrary<(text: string) => string> {
  return fc.constantFrom(
    (text: string) => text,
    (text: string) => JSON.stringify({ message: text, n: 1 }),
    (text: string) => JSON.stringify([JSON.stringify({ message: text })]),
    (text: string) => `${JSON.stringify({ message: text }).slice(0, -1)}, "cut`,
    (text: string) =>
      JSON.stringify({ message: text })
        .replace(/[=&'@:]/g, escaped)
        .replace('\\u003a', ':'),
  );
}
const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Pieces of all that masks look for, in any order. */
function mosaic(): fc.Arbitrary<string> {
  const pieces =
    'password|token|API key|sig|X-Amz-Signature|Authorization|Cookie|PWD|Bearer|Basic|--password|--|=|:|=>|://|@|%40|.|,|;|&|?|/|\\|\\n|\\"|"|\'| |\n|\t|{|}|[|]|(|)|[email]|[secret]|[token]|[masked]|bob|x.com|12|AKIA|eyJ|abcd|-|_|null|https://|user|git|oracle:thin:|\\u0026|{"|"}|["'.split(
      '|',
    );
  const piece = fc.constantFrom(...pieces, '|', AWS_KEY, JWT, GITHUB, PEM.slice(0, 31), PEM.slice(-29));
  return fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(''));
}

function jsonWithSecrets(): fc.Arbitrary<Record<string, unknown>> {
  const text = fc.oneof(mosaic(), fc.string());
  const value = fc.oneof(
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text, { maxLength: 3 }),
  );
  return fc.record({
    password: value,
    token: fc.record({ a: value }),
    note: value,
    list: fc.array(value, { maxLength: 3 }),
  });
}

function nameWord(): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...'password Password PASSWD pass secret token TOKEN Key key api access private db count arn id X-Amz auth credential sig signature cookie 2 user bearer'.split(
      ' ',
    ),
  );
}

it.each([
  ['alter user etl identified by ', 4096],
  ["create user etl password '", 4096],
  ['sqlplus etl/', 1024],
  ['mysql -h db -p', 512],
  ['curl https://x -u etl:', 150],
])('a long secret after %j is masked to its end', (before: string, length: number) => {
  const secret = 'q9'.repeat(length / 2);
  expect(mask(`${before}${secret}`)).not.toContain('q9');
});
