import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VOCABULARIES } from '../../../core/accept/vocabularies.ts';
import { type Meaning, meaningOf } from '../../../core/accept/words.ts';

const shown = (meaning: Meaning | undefined): string =>
  meaning === undefined
    ? 'unknown'
    : [meaning.about, meaning.says, meaning.status].filter((part) => part !== undefined).join(' ');

test('a word means the same, whichever tool writes it and however it is written', () => {
  const meanings = new Map<string, Set<string>>();
  for (const { words } of VOCABULARIES) {
    for (const [word, meaning] of Object.entries(words)) {
      for (const written of [word, word.toLowerCase(), ` ${word.toUpperCase()} `, word.replaceAll('_', '-')]) {
        expect(`${written}: ${shown(meaningOf(written))}`).toBe(`${written}: ${shown(meaning)}`);
      }
      const name = word.toUpperCase().replaceAll(/[ -]/g, '_');
      meanings.set(name, (meanings.get(name) ?? new Set()).add(shown(meaning)));
    }
  }
  expect([...meanings].filter(([, said]) => said.size > 1)).toEqual([]);
});

describe('a word that no tool is known to write is read by its stems, the worst first', () => {
  test.each([
    ['RUN_FAILED', 'RUN end FAILED'],
    ['JOB_END', 'RUN end'],
    ['TaskFailed', 'STEP end FAILED'],
    ['task_started', 'STEP start RUNNING'],
    ['prefect.flow-run.Completed', 'RUN end SUCCESS'],
    ['prefect.task-run.Crashed', 'STEP end FAILED'],
    ['completedWithErrors', 'end FAILED'],
    ['completedWithWarnings', 'end SUCCESS'],
    ['COMPLETED_WITHOUT_ERRORS', 'end SUCCESS'],
    ['failed after success', 'end FAILED'],
    ['INCOMPLETE', 'end FAILED'],
    ['UNSUCCESSFUL', 'end FAILED'],
    ['NOT_COMPLETED', 'end FAILED'],
    ['NEVER_STARTED', 'start QUEUED'],
    ['FAILING', 'alive'],
    ['TERMINATING', 'alive'],
    ['Terminated by user', 'end CANCELLED'],
    ['VALIDATION_ERROR', 'end FAILED'],
  ])('%s', (word, meaning) => {
    expect(shown(meaningOf(word))).toBe(meaning);
  });
});

test.each(['', ' ', 'BANANA', 'GREEN', 'UNKNOWN', '42', '…', 'INFO', 'PASSWORD', 'password=x', 'PASSIVE'])(
  '%j says nothing that is known',
  (word) => {
    expect(meaningOf(word)).toBeUndefined();
  },
);

test('a word with a bad stem that nothing negates is never good', () => {
  const bad = fc.constantFrom('FAILED', 'ERROR', 'CRASHED', 'TIMEOUT', 'CANCELLED', 'INCOMPLETE', 'UNSUCCESSFUL');
  const other = fc.constantFrom('COMPLETED', 'SUCCESS', 'WITH', 'X', 'DONE', 'STARTED', 'JOB', 'TASK');
  fc.assert(
    fc.property(fc.array(other, { maxLength: 3 }), bad, fc.array(other, { maxLength: 3 }), (before, worst, after) => {
      expect(meaningOf([...before, worst, ...after].join('_'))?.status).not.toBe('SUCCESS');
    }),
  );
});
