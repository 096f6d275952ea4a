import {
  alive,
  cancelled,
  end,
  failed,
  type Meaning,
  queued,
  retry,
  skipped,
  start,
  success,
  timedOut,
  VOCABULARIES,
} from './vocabularies.ts';

export type { Meaning };

/**
 * What a word says, or undefined when no tool and no stem explains it. The word is looked up whole first, then without
 * what it is about (`TASK_FAILED`), then by its stems, of which the worst counts: `completedWithErrors` is a failure.
 */
export function meaningOf(word: string): Meaning | undefined {
  const written = AS_WRITTEN.get(word);
  if (written !== undefined) return written;
  const name = nameOf(word);
  const known = WORDS.get(squashed(name));
  if (known !== undefined) return known;
  const tokens = name.split('_');
  const subjects = tokens.flatMap((token) => SUBJECTS.get(token) ?? []);
  const about = subjects.includes('STEP') ? 'STEP' : subjects[0];
  const others = tokens.filter((token) => !SUBJECTS.has(token));
  const meaning = WORDS.get(others.join('')) ?? byStems(others);
  return meaning && about !== undefined ? { ...meaning, about } : meaning;
}

/** `completedWithErrors`, `Timed Out` and `no-op` as `COMPLETED_WITH_ERRORS`, `TIMED_OUT` and `NO_OP`. */
const nameOf = (word: string): string =>
  word
    .slice(0, MAX_WORD_LENGTH)
    .trim()
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();

/** `TimedOut` and `TIMEDOUT` are one word. */
const squashed = (name: string): string => name.replaceAll('_', '');

/** Longer texts are no words. */
const MAX_WORD_LENGTH = 100;

const WORDS: ReadonlyMap<string, Meaning> = new Map(
  VOCABULARIES.flatMap(({ words }) =>
    Object.entries(words).map(([word, meaning]) => [squashed(nameOf(word)), meaning]),
  ),
);

/** The words exactly as their tools write them: what nearly always comes, and the quickest to look up. */
const AS_WRITTEN: ReadonlyMap<string, Meaning> = new Map(VOCABULARIES.flatMap(({ words }) => Object.entries(words)));

/** Parts of a word that name what the rest is about. */
const SUBJECTS: ReadonlyMap<string, 'RUN' | 'STEP'> = new Map([
  ...['RUN', 'JOB', 'PIPELINE', 'DAG', 'FLOW', 'WORKFLOW', 'EXECUTION', 'APPLICATION', 'BUILD'].map(
    (name) => [name, 'RUN'] as const,
  ),
  ...['STEP', 'TASK', 'STAGE', 'NODE', 'OP', 'ACTIVITY', 'FUNCTION', 'ITERATION'].map(
    (name) => [name, 'STEP'] as const,
  ),
]);

/** Stems, the worst first. */
const STEMS: readonly (readonly [RegExp, Meaning])[] = [
  [/^(UN|IN|NON)(SUCCE|COMPLET|FINISH)/, failed],
  [/^(FAIL|ERR|CRASH|EXCEPTION|FATAL|BROKE|PANIC|OOM|ABEND|ABNORMAL|FAULT|INVALID|CORRUPT)/, failed],
  [/^(REJECT|DENIED|DEAD$|LOST$|PARTIAL|EVICT)/, failed],
  [/^(TIMEOUT|TIMEDOUT|TIMED|EXPIR|DEADLINE)/, timedOut],
  [/^(CANCEL|ABORT|KILL|STOP|TERMINAT|INTERRUPT|REVOK|HALT)/, cancelled],
  [/^(SUCCE|COMPLET|FINISH|DONE$|PASS(ED|ES|ING)?$|OK$)/, success],
  [/^(SKIP|OMIT|EXCLUD|IGNOR|SUPPRESS|BYPASS)/, skipped],
  [/^(RETR|RESTART)/, retry],
  [/^(END(ED|S)?|EXITED)$/, end],
  [/^(START|BEGIN|BEGAN|BEGUN|LAUNCH)/, start],
  [/^(QUEUE|ENQUEUE|PEND|SCHEDUL|SUBMIT|WAIT|PROVISION|BOOTSTRAP|INITIALI|PREPAR|CREATED|REQUESTED)/, queued],
  [/^(RUNNING|PROGRESS|ACTIVE|ALIVE|PAUS|SUSPEND|HOLD|RESUM|FINALI)/, alive],
];

const NEGATIONS: ReadonlySet<string> = new Set(['NOT', 'NEVER', 'NO', 'WITHOUT', 'NON']);

function byStems(tokens: readonly string[]): Meaning | undefined {
  const found = tokens.flatMap((token, index) => {
    const stem = STEMS.findIndex(([pattern]) => pattern.test(token));
    return stem === -1 ? [] : [{ stem, meaning: meaningIn(token, stem, NEGATIONS.has(tokens[index - 1] ?? '')) }];
  });
  return found.sort((a, b) => a.stem - b.stem).find(({ meaning }) => meaning !== undefined)?.meaning;
}

/** `CANCELLING` has not ended; `NOT_COMPLETED` failed, `NOT_STARTED` has yet to start, `WITHOUT_ERRORS` says nothing. */
function meaningIn(token: string, stem: number, isNegated: boolean): Meaning | undefined {
  const meaning = STEMS[stem]?.[1];
  if (meaning === undefined) return undefined;
  if (isNegated) {
    if (meaning.says !== 'end') return queued;
    return meaning.status === 'SUCCESS' || meaning.status === undefined ? failed : undefined;
  }
  return meaning.says === 'end' && meaning !== retry && token.endsWith('ING') ? alive : meaning;
}
