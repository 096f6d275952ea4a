import { seededRandom } from './mask-samples.ts';

/**
 * Lines as pipelines log them, with nothing in them that is anybody's secret: parse errors, tracebacks, SQL, paths, hashes,
 * counts, configuration. `{…}` is filled with a value of that kind, another one in every line.
 */
const TEMPLATES: readonly string[] = [
  // What parsers say.
  'Unexpected token: EOF',
  'SyntaxError: Unexpected token < in JSON at position {n}',
  'SyntaxError: Unexpected token \'}\', "{{}}" is not valid JSON',
  "mismatched input '{word}' expecting {{'(', 'SELECT', 'WITH'}}(line {n}, pos {n})",
  "ParseException: extraneous input '{word}' expecting {{<EOF>, ';'}}",
  'json.decoder.JSONDecodeError: Expecting value: line {n} column {n} (char {n})',
  'pyarrow.lib.ArrowInvalid: CSV parse error: Expected {n} columns, got {n}: {n},{word},{n}',
  'org.apache.spark.sql.catalyst.parser.ParseException: [PARSE_SYNTAX_ERROR] Syntax error at or near end of input. SQLSTATE: 42601',
  'yaml.scanner.ScannerError: mapping values are not allowed here in "{file}", line {n}, column {n}',
  "jinja2.exceptions.TemplateSyntaxError: expected token 'end of print statement', got '{word}'",
  'Illegal token: {word} (line {n})',
  'xml.etree.ElementTree.ParseError: not well-formed (invalid token): line {n}, column {n}',
  'error: expected one of `!` or `::`, found `{word}`',
  // Tracebacks.
  'Traceback (most recent call last):\n  File "/app/{word}/{word}.py", line {n}, in {word}\n    df = load({word}, mode="{word}")\nValueError: {word} is not a {word}',
  '  File "/usr/lib/python3.11/site-packages/pandas/core/frame.py", line {n}, in __getitem__\n    raise KeyError(key) from err\nKeyError: \'{column}\'',
  "TypeError: connect() missing 1 required positional argument: 'password'",
  'def connect(host: str, user: str, password: str, port: int = 5432) -> Connection:',
  '    self.token = token\n    self.password = password',
  '    return cls(user=user, password=self.password, token=settings.token)',
  '\tat org.apache.spark.scheduler.Task.run(Task.scala:{n})\n\tat java.base/java.lang.Thread.run(Thread.java:{n})',
  'java.lang.NullPointerException: Cannot invoke "String.length()" because "{word}" is null',
  'Caused by: java.util.concurrent.TimeoutException: Futures timed out after [{n} seconds]',
  'py4j.protocol.Py4JJavaError: An error occurred while calling o{n}.save.',
  'at Run.step (file:///app/src/{word}.ts:{n}:{n})',
  'panic: runtime error: index out of range [{n}] with length {n}\n\ngoroutine {n} [running]:\nmain.{word}(0xc000{hex8})',
  "AttributeError: module {word} has no attribute '{word}_{word}'",
  'java.lang.Object@{hex8} and {word}$$Lambda/0x{hex8}',
  'botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the {word} operation: The provided token has expired.',
  'snowflake.connector.errors.DatabaseError: 250001 (08001): Failed to connect to DB. Incorrect username or password was specified.',
  'FATAL: password authentication failed for user "{word}"',
  'ORA-01017: invalid username/password; logon denied',
  "Access denied for user '{word}'@'10.0.{n}.{n}' (using password: YES)",
  'AuthenticationError: token is invalid or expired, request a new token',
  '401 Unauthorized: bearer token missing',
  // SQL.
  "select {column}, count(*) from {table} where dt = date '{date}' group by 1",
  'select * from {table} t join {table} s on t.token=s.token and t.{column} = s.{column}',
  'merge into {table} t using updates s on t.primary_key = s.primary_key when matched then update set *',
  'create table {table} ({column} bigint, token varchar(64), password_hash varchar) partitioned by (dt)',
  'alter table {table} add primary key ({column}), add foreign key ({column}) references {table} ({column})',
  'partition_key={column}, sort_key: {column}, cluster key: {column}',
  'select token::text, secret_name from {table} where secretary = {n}',
  'WARN {table}: column secret_id is not in the schema, dropped',
  "insert overwrite table {table} partition (dt='{date}', hour={n}) select * from stage",
  'duplicate key value violates unique constraint "{table}_pkey": Key ({column})=({n}) already exists.',
  "COPY {table} FROM 's3://{bucket}/{word}/dt={date}/' IAM_ROLE 'arn:aws:iam::123456789012:role/{word}'",
  'explain: HashAggregate(keys=[{column}#{n}], functions=[sum({column}#{n}L)])',
  'unique key: {column}, surrogate_key = md5({column})',
  // Counts and settings.
  'tokens=512 prompt_tokens: 1024, completion_tokens=88, total_tokens: 1112',
  'secrets=5 loaded from vault, tokens: {n}',
  'watermark token: 42',
  'max_tokens: {n} temperature=0.2 top_p=0.9',
  'next page token: {n}, page_size={n}',
  'pass: 118 warn: 2 fail: 0 skip: {n}',
  '{n} passed, {n} failed, {n} skipped in {n}.{n}s',
  'Done. PASS={n} WARN={n} ERROR=0 SKIP=0 TOTAL={n}',
  'first pass: reading {table}, second pass: writing',
  'key={n} value={n} offset={n} partition={n}',
  'cache key: {table}:{date}, hits={n}, misses={n}',
  'sort_keys=True, indent={n}, ensure_ascii=False',
  'idempotency_key={uuid}',
  'spark.sql.shuffle.partitions={n}\nspark.executor.memory=4g\nspark.sql.adaptive.enabled=true',
  'spark.authenticate=false spark.ssl.enabled=true spark.ssl.key.password=null',
  `password=\${DB_PASSWORD} user=\${DB_USER} host={host}`,
  'password: ******** user: {word}',
  'password = os.environ["DB_PASSWORD"]',
  'token = config.get("token")',
  'auth_type=iam, auth_enabled=true, credentials_provider=default',
  'token_count={n}, token_expiry={time}, secret_arn=arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf',
  'Loaded credentials from the environment, profile={word}, region=eu-west-{n}',
  'using the access key of role {word}-{word} (expires in {n} min)',
  'mode=full batch_date={date} limit={n} dry_run=false',
  'ulimit -n {n}; PWD=/home/{word} OLDPWD=/',
  'rows: {n}, bytes: {n}, files: {n}, skew: {n}.{n}',
  'Stage {n}:=====>                                               ({n} + {n}) / {n}',
  'cpu={n}% mem={n}MiB disk={n}GiB load: {n}.{n}',
  // Paths and addresses.
  's3://{bucket}/{word}/dt={date}/part-{n5}-{uuid}-c000.snappy.parquet',
  's3://{bucket}/{word}/part@{n5}.parquet',
  's3://{bucket}/{word}/dt%3D{date}/hour%3D{n}/data.json.gz',
  'abfss://{word}@{word}account.dfs.core.windows.net/{word}/dt={date}',
  'gs://{bucket}/{word}/{date}/{word}_{n}.csv.gz ({n} bytes)',
  'hdfs://namenode:8020/user/{word}/.sparkStaging/application_{n}_{n5}',
  '/dbfs/mnt/{word}/{table}/_delta_log/{n5}{n5}.json',
  'Removing C:\\Users\\{word}\\AppData\\Local\\Temp\\{word}_{n}.tmp',
  'jdbc:postgresql://{host}:5432/{word}?sslmode=require&user={word}',
  'GET https://{host}/api/v2/{word}?page={n}&limit={n}&since={time} 200 in {n} ms',
  'akka.tcp://sparkDriver@ip-10-0-0-{n}.ec2.internal:7077',
  'kafka: broker {host}:9092 is node {n}, topic {word}.{word}.v{n} partition {n} at offset {n}',
  'http://[::1]:8080/users@home answered 404',
  'docker.io/library/{word}:1.{n}@sha256:{hex64}',
  'arn:aws:states:eu-west-1:123456789012:execution:{word}:{uuid}',
  'arn:aws:s3:::{bucket}/{word}/*',
  'ssh: connect to host {host} port 22: Connection refused',
  // Versions and commits.
  'HEAD is now at {hex8} {word}: {word} the {word}',
  'git checkout {hex40}',
  'From github.com:{word}/{word}\n   {hex8}..{hex8}  main -> origin/main',
  'git@github.com:{word}/{word}.git',
  'Installing zod@4.6.{n}, @types/node@24.{n}.0, {word}@npm:^{n}.0.0',
  'Collecting {word}=={n}.{n}.{n} (from -r requirements.txt (line {n}))',
  'golang.org/x/mod@v0.{n}.0 h1:{b64}',
  '"integrity": "sha512-{b64}{b64}=="',
  'sha256:{hex64} md5={hex32} etag="{hex32}-{n}"',
  'content hash {b64}, expected {b64}',
  'Content-MD5: {b64}== x-amz-request-id: {hex32}',
  'run {uuid} attempt {n} of task {uuid}',
  'trace_id={hex32} span_id={hex16} parent_id={hex16}',
  'dbt run_id {uuid} invocation {uuid}: model.{word}.{table} [OK in {n}.{n}s]',
  'cluster 1103-{n5}-{word} driver r5.4xlarge, spark 3.5.{n}',
  'batch {n5}-{hex8}: row group {n}, page {n}, crc 0x{hex8}',
  // Everyday lines.
  '{time} INFO  [{word}-{n}] {word}.{word} - loaded {n} rows into {table} in {n} ms',
  '{time} WARN scheduler: task {word}_{word} is {n} minutes late',
  '[{date} 10:15:00,{n}] {{taskinstance.py:{n}}} INFO - Marking task as SUCCESS. dag_id={word}_daily, task_id={word}',
  'INFO:root:Processed {n} records ({n} bad) from {word} to {table}',
  '{"level":"info","ts":{n},"caller":"{word}.go:{n}","msg":"{word} ready","rows":{n}}',
  '{"event":"{word}","table":"{table}","key":{n},"tokens":{n},"duration_ms":{n}}',
  "{{'{column}': {n}, 'mode': '{word}', 'keys': ['{column}', '{column}']}}",
  '<property><name>{word}.{word}</name><value>{n}</value></property>',
  'name: {word}\nvalue: {n}\nkind: ConfigMap\ndata:\n  mode: full',
  'retrying in {n} s: connection reset by peer ({host}:{n})',
  'row {n}: {column} is null, expected {word}; see column "{column}"',
  'Quality check {word}_not_null on {table}: expected 0, got {n}',
  'assertion failed: {n} != {n} (left: `{word}`, right: `{word}`)',
  'sk-learn pipeline step {word}: fit in {n} s, score {n}.{n}',
  'basic validation passed, {n} authors, {n} sessions, {n} sign-ins',
  'cookies and sessions table has {n} rows; session_id is unique',
  'compared to {date}: +{n}%, key figures: {n}/{n}/{n}',
  'ETA 10:{n}:30, progress {n}/{n}, ratio 1:{n}',
  'Größe geändert: {n} → {n} Bytes, Schlüssel „{column}“ fehlt',
  '処理が完了しました。件数: {n}',
];

const WORDS =
  'orders customers daily loader extract transform merge events billing clicks inventory shipments users accounts stage gold silver bronze raw snapshot delta invoice payments returns sessions geo weather campaign'.split(
    ' ',
  );
const COLUMNS =
  'customer_id order_id primary_key token_count amount created_at country_code secret_flag api_version session_id user_key password_changed_at sort_key id'.split(
    ' ',
  );

/** As many lines as asked for, in turn of every template, the same each time. */
export function harmlessLines(count: number, seed = 1): readonly string[] {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const letters = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
  const hex = (length: number): string => letters('0123456789abcdef', length);
  const word = (): string => WORDS[below(WORDS.length)] ?? '';
  const kinds: Readonly<Record<string, () => string>> = {
    n: () => String(below(10 ** (1 + below(5)))),
    n5: () => String(below(100_000)).padStart(5, '0'),
    word,
    file: () => `${word()}.yml`,
    column: () => COLUMNS[below(COLUMNS.length)] ?? '',
    table: () => `${word()}.${word()}_${word()}`,
    bucket: () => `${word()}-${word()}-eu-west-1`,
    host: () => `${word()}-${below(9)}.internal.example.net`,
    date: () => `2025-${String(1 + below(12)).padStart(2, '0')}-${String(1 + below(28)).padStart(2, '0')}`,
    time: () => `2025-11-${String(1 + below(28)).padStart(2, '0')}T10:15:00.${below(999)}Z`,
    uuid: () => [8, 4, 4, 4, 12].map(hex).join('-'),
    hex8: () => hex(8),
    hex16: () => hex(16),
    hex32: () => hex(32),
    hex40: () => hex(40),
    hex64: () => hex(64),
    b64: () => letters('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 43),
  };
  return Array.from({ length: count }, (_, at) =>
    (TEMPLATES[at % TEMPLATES.length] ?? '')
      .replace(/\{(\w+)\}/g, (whole, kind: string) => kinds[kind]?.() ?? whole)
      .replaceAll('{{', '{')
      .replaceAll('}}', '}'),
  );
}
