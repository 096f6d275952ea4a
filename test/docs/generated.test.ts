import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeAlertMessages } from '../../scripts/alert-messages.ts';
import { PYTHON_TOKENS, pythonTokens, SHARED_FILES, sharedSource } from '../../scripts/copy-mask.ts';
import { describeCommands } from '../../scripts/describe-commands.ts';
import { describeQuestions } from '../../scripts/describe-questions.ts';
import { describeEvents, describeTables } from '../../scripts/describe-tables.ts';
import { grafanaDashboard } from '../../scripts/grafana-dashboard.ts';
import { describePermissions } from '../../scripts/permissions/page.ts';

test('docs/tables.md is what the columns say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/tables.md', 'utf8')).toBe(describeTables());
});

test('docs/questions.md is what the questions say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/questions.md', 'utf8')).toBe(describeQuestions());
});

test('examples/grafana-dashboard.json asks what the questions ask; `npm run docs` writes it', () => {
  expect(readFileSync('examples/grafana-dashboard.json', 'utf8')).toBe(grafanaDashboard());
});

test('docs/cli.md is what the commands say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/cli.md', 'utf8')).toBe(describeCommands());
});

test('docs/event-fields.md is what the columns say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/event-fields.md', 'utf8')).toBe(describeEvents());
});

test('docs/alert-messages.md is what the channels write; `npm run docs` writes it', async () => {
  expect(readFileSync('docs/alert-messages.md', 'utf8')).toBe(await describeAlertMessages());
});

test('docs/permissions.md is what the stack’s template says; `npm run docs` writes it', { timeout: 60_000 }, () => {
  expect(readFileSync('docs/permissions.md', 'utf8')).toBe(describePermissions());
});

test.each(SHARED_FILES)('the mask of the client is that of the ledger (%s); `npm run docs` copies it', (file) => {
  expect(readFileSync(`clients/typescript/src/mask/${file}`, 'utf8')).toBe(sharedSource(file));
});

test('the tokens that the Python client knows are those of the ledger; `npm run docs` writes them', () => {
  expect(readFileSync(PYTHON_TOKENS, 'utf8')).toBe(pythonTokens());
});
