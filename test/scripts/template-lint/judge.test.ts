import { expect, test } from 'vitest';
import { OPTIONS } from '../../../lib/options.ts';
import type { Finding } from '../../../scripts/template-lint/finding.ts';
import { judge } from '../../../scripts/template-lint/judge.ts';
import { STACKS } from '../../../scripts/template-lint/options.ts';

const finding: Finding = { tool: 'checkov', rule: 'CKV_1', on: 'LakeBucket', message: 'it is open' };
const accepted = { tool: 'checkov', rule: 'CKV_1', on: /^LakeBucket$/, reason: 'it is not' } as const;

test('a finding is accepted by its tool, its rule and its resource', () => {
  expect(judge([finding], [accepted])).toEqual({ unaccepted: [], unused: [] });
});

test.each<Partial<Finding>>([{ tool: 'cfn-lint' }, { rule: 'CKV_2' }, { on: 'OtherBucket' }])(
  'a finding that differs in %j is not',
  (other) => {
    const another = { ...finding, ...other };
    expect(judge([finding, another], [accepted])).toEqual({ unaccepted: [another], unused: [] });
  },
);

test('what is accepted and does not occur is told', () => {
  expect(judge([], [accepted])).toEqual({ unaccepted: [], unused: [accepted] });
});

test('the linters see stacks in which every option is set', () => {
  const set = new Set(Object.values(STACKS).flatMap((options) => Object.keys(options)));
  expect([...set].sort()).toEqual(Object.keys(OPTIONS).sort());
});
