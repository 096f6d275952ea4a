import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import type { Answer } from '../core/ports/answer-engine.ts';
import type { PartOf, Report, ReportPart } from '../core/report/report.ts';

export type Period = 'day' | 'week';
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<Period, number>> = { day: 1, week: 7 };

/** Answers a question by its name. */
export type AskReport = (name: string, given: Readonly<Record<string, string>>) => Promise<Answer>;

/** Asks what the report of the day or the week up to now says. */
export async function gatherReport(
  { period, owner, environment }: { readonly period: Period; readonly owner: string; readonly environment: string },
  now: Instant,
  ask: AskReport,
): Promise<Report> {
  const since = instantOf(epochMsOf(now) - DAYS[period] * DAY_MS);
  const parts: ReportPart[] = [];
  const notes = new Set<string>();
  for (const part of partsOf(since, instantOf(epochMsOf(now) - Math.max(7, 2 * DAYS[period]) * DAY_MS))) {
    const given = { ...part.given, owner, environment };
    const answer = await ask(part.question, given);
    if (answer.note !== undefined) notes.add(answer.note);
    const rows = answer.rows.map((row) => Object.fromEntries(answer.columns.map(({ name }, at) => [name, row[at]])));
    parts.push({ ...part, given, rows, truncated: answer.truncated });
  }
  return {
    title: `Pipelines, the last ${period === 'day' ? '24 hours' : '7 days'}`,
    owner,
    since,
    until: now,
    parts,
    notes: [...notes],
  };
}

/** `before`: since when, where a day or a week alone says little. */
const partsOf = (since: Instant, before: Instant): readonly PartOf[] => [
  { title: 'How it went', question: 'kpis', given: { since: before }, nothing: 'No run began.' },
  { title: 'Failed runs', question: 'failed-today', given: { since, limit: '100' }, nothing: 'No run failed.' },
  { title: 'Error codes', question: 'error-codes', given: { since }, nothing: 'No run failed.' },
  { title: 'Pipelines', question: 'pipelines', given: { since }, nothing: 'No pipeline ran.' },
  {
    title: 'Slower than before',
    question: 'slowest-growing',
    given: { since: instantOf(epochMsOf(before) - 7 * DAY_MS) },
    nothing: 'No pipeline became slower.',
  },
  { title: 'Flaky steps', question: 'flaky-steps', given: { since: before }, nothing: 'No step is flaky.' },
  { title: 'Data quality', question: 'quality-by-dataset', given: { since }, nothing: 'No dataset was checked.' },
  { title: 'Cost', question: 'cost', given: { since, limit: '20' }, nothing: 'No run began.' },
];
