import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFile } from '../../../core/pipelines/check-file.ts';
import { problemShown } from '../../../core/pipelines/problem.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';
import { MAX_FILE_BYTES } from '../../../core/pipelines/read-yaml.ts';

const WHOLE = `version: 1
defaults: { timezone: UTC, severity: normal, routes: [ops] }
calendars:
  working_days: { weekdays: [mon, tue, wed, thu, fri], holidays: SE, except: [2026-12-24] }
routes:
  ops:  { webhook: { url: env:OPS_WEBHOOK_URL, secret: env:OPS_WEBHOOK_SECRET } }
  page: { pagerduty: { routing_key: ssm:/runledger/pagerduty }, severities: [P1] }
pipelines:
  orders_*:
    environment: prod
    severity: high
    owner: team-orders
    runbook: https://wiki.example.com/orders
    schedule: { cron: "0 2 * * *", timezone: Europe/Stockholm, calendar: working_days, start_grace: 10m }
    max_duration: 45m
    finish_by: "06:30"
    heartbeat: { every: 1m, misses: 3 }
    freshness: 26h
    failure_rate: { window: 7d, threshold: 0.2, minimum_runs: 10 }
    records: { minimum: 1000, anomaly: { deviations: 5, minimum_runs: 14 } }
    quality: { bronze_*: 0.90, silver_*: 0.95, gold_*: 0.98 }
    retry: { by: orchestrator, max_attempts: 3, backoff: 5m }
    notify: { on_start: false, on_success: false }
    steps: { load: { max_duration: 20m } }
    paused: false
    depends_on: [ingest_orders]
  ingest_orders:
`;

/** Every problem and warning of a text, as people read them. */
function findingsOf(text: string) {
  const { file, problems, placeOf } = readFile(text);
  const found =
    file === undefined ? { problems, warnings: [] } : checkFile(file, placeOf, (country) => country === 'SE');
  const shown = (each: (typeof problems)[number]) => problemShown('pipelines.yaml', each);
  return { problems: found.problems.map(shown), warnings: found.warnings.map(shown) };
}

test('a whole file has nothing wrong and nothing doubtful', () => {
  expect(findingsOf(WHOLE)).toEqual({ problems: [], warnings: [] });
});

test('what is wrong is told by line, path, what was expected, what came, and the nearest right word', () => {
  const text = WHOLE.replace('severity: high', 'severty: high')
    .replace('max_duration: 45m', 'max_duration: 45')
    .replace('timezone: UTC', 'timezone: UTZ')
    .replace('env:OPS_WEBHOOK_URL', 'https://hooks.example.com/secret');
  expect(findingsOf(text).problems).toEqual([
    'pipelines.yaml:2:13 defaults.timezone: expected an IANA time zone such as Europe/Stockholm, but got "UTZ"',
    expect.stringMatching(
      /^pipelines.yaml:6:22 routes.ops.webhook.url: expected a reference to where the secret stands: env:NAME/,
    ),
    'pipelines.yaml:15:5 pipelines.orders_*.max_duration: expected a duration such as 90s, 10m, 2h or 1d, at most a year, but got 45',
    'pipelines.yaml:11:5 pipelines.orders_*.severty: expected a known name, but got "severty"; did you mean severity?',
  ]);
});

test.each([
  [
    'cron: "0 2 * * *"',
    'cron: "0 2 31 2 *"',
    /:14:\d+ pipelines.orders_\*.schedule.cron: .*names a time that never comes/,
  ],
  [
    'calendar: working_days',
    'calendar: workingdays',
    /expected the name of a calendar of this file, but got "workingdays"; did you mean working_days\?/,
  ],
  [
    'routes: [ops]',
    'routes: [opps]',
    /:2:\d+ defaults.routes: expected the name of a route of this file, but got "opps"; did you mean ops\?/,
  ],
  [
    'holidays: SE',
    'holidays: XX',
    /calendars.working_days.holidays: expected the code of a country whose holidays are known/,
  ],
  ['cron: "0 2 * * *"', 'cron: "0 2 * * *", every: 1h', /pipelines.orders_\*.schedule: expected either cron or every/],
  [
    'by: orchestrator',
    'by: ledger',
    /pipelines.orders_\*.retry: expected a restart target beside by: ledger, but got none/,
  ],
  ['webhook: {', 'slack: { url: env:X }, webhook: {', /routes.ops: expected exactly one of console, webhook/],
  [
    '  ingest_orders:',
    '  ingest_orders: { depends_on: [orders_*] }\n  other: { finish_by: "06:30" }',
    /pipelines.other.finish_by: expected a schedule beside finish_by/,
  ],
  ['[2026-12-24]', '[2026-02-30]', /except.0: expected a date such as 2026-12-24, but got "2026-02-30"/],
  ['version: 1', 'version: 2', /:1:1 version: expected version: 1, but got 2/],
  ['    severity: high', '\tseverity: high', /:11:\d+ expected YAML, but tabs/],
])('%s as %s is wrong', (right, wrong, expected) => {
  const { problems } = findingsOf(WHOLE.replace(right, wrong));
  expect(problems.join('\n')).toMatch(expected);
});

test('dependencies that come back to where they began are wrong', () => {
  const text = 'version: 1\npipelines:\n  a: { depends_on: [b] }\n  b: { depends_on: [c] }\n  c: { depends_on: [a] }\n';
  expect(findingsOf(text).problems).toEqual([
    'pipelines.yaml:3:8 pipelines.a.depends_on: expected dependencies without a cycle, but got a -> b -> c -> a',
  ]);
});

test('so are those that come back through a pattern, and a pattern to depend on', () => {
  const through =
    'version: 1\npipelines:\n  orders_*: { depends_on: [ingest] }\n  ingest: { depends_on: [orders_a] }\n';
  expect(findingsOf(through).problems).toEqual([
    'pipelines.yaml:3:15 pipelines.orders_*.depends_on: expected dependencies without a cycle, but got orders_* -> ingest -> orders_*',
  ]);
  expect(findingsOf('version: 1\npipelines:\n  a: { depends_on: [b_*] }\n  b_*: {}\n').problems).toEqual([
    'pipelines.yaml:3:8 pipelines.a.depends_on: expected the name of one pipeline, but got the pattern "b_*"',
  ]);
});

test('two patterns that are equally specific and may match one name are doubtful', () => {
  const { problems, warnings } = findingsOf('version: 1\npipelines:\n  orders_*: {}\n  "*_hourly": {}\n');
  expect(problems).toEqual([]);
  expect(warnings).toHaveLength(1);
});

describe('a text that is no file of pipelines', () => {
  test.each([
    ['nothing', ''],
    ['one name twice', 'version: 1\nversion: 1\n'],
    ['a list', '- 1\n'],
    ['no YAML', 'a: [1\n\tb: 2'],
    ['five megabytes', `version: 1 # ${'x'.repeat(MAX_FILE_BYTES)}`],
    [
      'a bomb of aliases',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefgh'].map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(', ')}]`).join('\n')}\n`,
    ],
  ])('%s is refused with a place and what was expected', (_, text) => {
    const { problems } = findingsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^pipelines.yaml:\d+:\d+ (\S+: )?expected /);
  });

  test('any text is read or refused, never thrown over', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { file, problems } = readFile(text);
        expect(file === undefined).toBe(problems.length > 0);
      }),
    );
  });
});
