import type { Expectation } from '../pipelines/expectations.ts';
import { matches, specificity } from '../pipelines/pattern.ts';
import type { QualityCheck, ToldRun } from '../run/told-run.ts';
import type { Condition } from './condition.ts';
import { atMost, shownBy } from './shown-by.ts';

/**
 * What the data-quality checks of a run found: a failed check, unless it says that it is only a warning, and a dataset of
 * which fewer records passed than the file asks for. One condition for a run, with the count of the others.
 */
export function judgeQuality({ quality, severity }: Expectation, { run, checks }: ToldRun): readonly Condition[] {
  const thresholds = Object.entries(quality ?? {}).sort(([a], [b]) => specificity(b) - specificity(a));
  const wrong = checks
    .flatMap((check) => {
      const threshold = thresholds.find(([pattern]) => matches(pattern, check.dataset))?.[1];
      const text = failed(check) ?? tooFew(check, threshold);
      return text === undefined ? [] : [{ text, told_at: check.told_at }];
    })
    .sort((a, b) => (a.told_at === b.told_at ? (a.text < b.text ? -1 : 1) : a.told_at < b.told_at ? -1 : 1));
  const [first] = wrong;
  if (first === undefined) return [];
  const more = wrong.length === 1 ? '' : `, and ${wrong.length - 1} more of its checks`;
  return [
    {
      ...shownBy(run, 'QUALITY', `${first.text}${more}`),
      severity: atMost(severity, 'P2'),
      occurred_at: first.told_at,
    },
  ];
}

/** What tools call a failure that stops nobody. */
const HARMLESS = /^(warn|info|low|minor|notice|debug)/i;

function failed({ success, severity, dataset, check_name, expected, actual }: QualityCheck): string | undefined {
  if (success !== false || HARMLESS.test(severity)) return undefined;
  const values =
    expected === '' && actual === '' ? '' : `: expected ${expected || 'otherwise'}, got ${actual || 'something else'}`;
  return `failed the check ${check_name || '(without a name)'} of ${dataset || 'its data'}${values}`;
}

function tooFew(check: QualityCheck, threshold: number | undefined): string | undefined {
  const rate = rateOf(check);
  if (threshold === undefined || rate === undefined || rate >= threshold) return undefined;
  const shown = (share: number) => `${Math.floor(share * 1000) / 10} %`;
  return `passed ${check.check_name || 'a check'} of ${check.dataset} with ${shown(rate)}, at least ${shown(threshold)} was expected`;
}

/** The share that passed: of the records, else what a check that is a rate found, as a share or in percent. */
function rateOf({ check_name, actual, records_checked = 0, records_failed }: QualityCheck): number | undefined {
  if (records_checked > 0 && records_failed !== undefined) return (records_checked - records_failed) / records_checked;
  const told = /rate$/i.test(check_name) && actual !== '' ? Number(actual) : Number.NaN;
  return Number.isFinite(told) ? (told > 1 ? told / 100 : told) : undefined;
}
