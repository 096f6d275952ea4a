import type { AskedParameter, Question } from '../core/question.ts';
import { questions } from '../sql/questions.ts';
import { typeName } from '../sql/type-names.ts';

/** `docs/questions.md`: every named question, what may be given to it, and what it answers. */
export function describeQuestions(): string {
  return [
    '<!-- Written by `npm run docs` from sql/questions.ts. -->',
    '# Questions',
    '',
    'Questions that are ready to ask, in one text for DuckDB on a laptop and Athena on AWS:',
    '',
    '```',
    'runledger query --named pipelines',
    "runledger query --named duration-trend --param process_name='orders*' --param since=30d",
    "curl 'http://127.0.0.1:4319/api/questions/kpis?by=week&since=90d'",
    '```',
    '',
    'What is not given has its default. A time may be a day, an instant, or how long ago: `2026-11-30`, `2026-11-30T06:00:00Z`, `7d`, `24h`. In a pattern `*` stands for any text and `?` for one character. Times are UTC, durations milliseconds, rates 0 to 1; unknown values are null.',
    '',
    `Questions: ${Object.keys(questions)
      .map((name) => `[${name}](#${name})`)
      .join(', ')}.`,
    '',
    ...Object.values(questions).flatMap((question) => [...part(question), '']),
  ].join('\n');
}

const part = ({ name, summary, asks, columns }: Question): readonly string[] => [
  `## ${name}`,
  '',
  summary,
  '',
  ...asked(Object.entries(asks)),
  '| column | type | |',
  '|---|---|---|',
  ...Object.entries(columns).map(
    ([column, { type, comment }]) => `| \`${column}\` | ${typeName(type, 'trino')} | ${cell(comment)} |`,
  ),
];

const asked = (parameters: readonly (readonly [string, AskedParameter])[]): readonly string[] =>
  parameters.length === 0
    ? []
    : [
        '| parameter | default | |',
        '|---|---|---|',
        ...parameters.map(
          ([name, { default: usual, comment }]) =>
            `| \`${name}\` | ${usual === '' ? 'empty' : `\`${usual}\``} | ${cell(comment)} |`,
        ),
        '',
      ];

const cell = (text: string): string => text.replaceAll('|', '\\|');
