import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readOptions } from '../../lib/context.ts';
import { OPTIONS } from '../../lib/options.ts';
import { anApp } from './a-stack.ts';

const read = (context: Readonly<Record<string, unknown>>) => readOptions(anApp(context).node);

test('a deployment needs no option', () => {
  expect(read({})).toMatchObject({ environment: 'prod', stackName: 'runledger-prod', dataRemoval: 'keep' });
});

test('an environment of another name is a stack of another name', () => {
  expect(read({ environment: 'test' }).stackName).toBe('runledger-test');
  expect(read({ environment: 'test', stackName: 'ledger' }).stackName).toBe('ledger');
});

test('values are read alike from the command line, where all is text, and from cdk.json', () => {
  const typed = {
    flushSeconds: 5,
    keepUserEmail: true,
    alertEmails: ['a@example.com', 'b@example.com'],
    maskPatterns: [{ name: 'customer', pattern: 'C-[0-9]{6}' }],
  };
  const text = {
    flushSeconds: '5',
    keepUserEmail: 'true',
    alertEmails: 'a@example.com, b@example.com',
    maskPatterns: '[{"name":"customer","pattern":"C-[0-9]{6}"}]',
  };
  expect(read(text)).toEqual(read(typed));
});

test('a file of pipelines may have runs started by what an account starts, and not by a command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-options-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const fileOf = (restart: string) => {
    const file = join(folder, 'pipelines.yaml');
    writeFileSync(file, `version: 1\npipelines: { orders: { restart: ${restart} } }\n`);
    return { pipelinesFile: file };
  };
  expect(read(fileOf('{ http: { url: "ssm:/runledger/starter" } }')).pipelinesFile).toContain('pipelines.yaml');
  expect(() => read(fileOf('{ command: { run: [job] } }'))).toThrow(/pipelines\.yaml.*restart/s);
});

test('an address that is given twice is one subscriber', () => {
  expect(read({ alertEmails: 'a@example.com,b@example.com,a@example.com' }).alertEmails).toEqual([
    'a@example.com',
    'b@example.com',
  ]);
});

describe('a wrong value fails synthesis with what was expected and what came', () => {
  test.each([
    [
      { environment: 'Prod!' },
      'environment: expected lower-case letters, digits and hyphens, at most 30, beginning with a letter, but got "Prod!"',
    ],
    [{ flushSeconds: '901' }, 'flushSeconds: expected a whole number of seconds from 0 to 900, but got "901"'],
    [{ flushSeconds: 'soon' }, 'flushSeconds: expected a whole number of seconds from 0 to 900, but got "soon"'],
    [{ compactEveryMinutes: 0 }, 'compactEveryMinutes: expected a whole number of minutes from 1 to 1440, but got 0'],
    [{ zone: 'Mars/Base' }, 'zone: expected an IANA time zone such as UTC or Europe/Paris, but got "Mars/Base"'],
    [{ keepUserEmail: 'yes' }, 'keepUserEmail: expected true or false, but got "yes"'],
    [
      { alertEmails: 'nobody' },
      'alertEmails: expected at most 50 e-mail addresses separated by commas, but got "nobody"',
    ],
    [{ functionLogDays: 31 }, 'functionLogDays: expected one of 1, 3, 5, 7, 14, 30,'],
    [{ dataRemoval: 'destroy' }, 'dataRemoval: expected keep or delete, but got "destroy"'],
    [
      { slackChannelId: 'C0123ABCD' },
      'slackWorkspaceId, slackChannelId: expected both or neither, but got one of them',
    ],
    [
      { maskPatterns: '[{"name":"a","pattern":"(a+)+"}]' },
      'Mask pattern "a": expected every repetition to have a greatest count',
    ],
    [{ maskPatterns: 'C-[0-9]' }, 'maskPatterns: expected a JSON list of {"name", "pattern"}'],
    [
      { enviroment: 'test' },
      'enviroment: expected one of the options, but there is none of this name; did you mean environment?',
    ],
  ])('%j', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });

  test('all of them at once, and where the options are described', () => {
    expect(() => read({ flushSeconds: 'soon', dataRemoval: 'maybe' })).toThrow(
      /flushSeconds: .*\n.*dataRemoval: .*\nGive them as -c name=value, or in cdk\.json under "context"; docs\/operations\.md lists them\./,
    );
  });
});

test('settings of the CDK itself are no options', () => {
  expect(() => read({ '@aws-cdk/core:newStyleStackSynthesis': true, 'cli-telemetry': false })).not.toThrow();
});

test('every option is described in docs/operations.md', () => {
  // A formatter may pad the columns of a table.
  const page = readFileSync('docs/operations.md', 'utf8').replace(/ +\|/g, ' |');
  const missing = Object.entries(OPTIONS).filter(
    ([name, { about, expected }]) => !page.includes(`| \`${name}\` | ${about} | ${expected} |`),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});
