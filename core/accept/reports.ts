import { eventColumns } from '../schema/event-columns.ts';
import { ROW_ALIASES } from './aliases.ts';
import { type Draft, keepExtra } from './draft.ts';
import { isObject, scalarText } from './masked-value.ts';
import { readerOf } from './reader.ts';

/**
 * A report about data quality in fields of its own. An expectation report has `total_checks`, `passed_checks`,
 * `success_rate` and `details`; a row of a step may have a `validation_rate` and `invalid_rows`. All are kept as they
 * came too.
 */
export function readReportField(value: unknown, draft: Draft, name: string, key: string): void {
  keepExtra(draft, key, value);
  draft.hints.report ??= {};
  draft.hints.report[name] ??= value;
}

const readChecks = readerOf(eventColumns.quality.type, ROW_ALIASES.quality);

/** Makes the checks of a report the event's `quality`, unless it has one. */
export function applyReport(draft: Draft): void {
  const { fields, hints } = draft;
  if (hints.report === undefined || fields.quality !== undefined) return;
  const { report, success, table } = hints;
  const dataset = table ?? fields.step_name;
  const checks: unknown[] = [];
  if (typeof report.success_rate === 'number' || typeof report.total_checks === 'number') {
    if (Array.isArray(report.details)) checks.push(...report.details.filter(isObject).map(checkOf));
    checks.push({ ...summaryOf(report), dataset });
  }
  if (typeof report.validation_rate === 'number') {
    const [actual, records_failed] = [report.validation_rate, report.invalid_rows];
    checks.push({ dataset, check_name: 'validation_rate', success, actual: String(actual), records_failed });
  }
  if (checks.length > 0) fields.quality = readChecks(checks, draft, 'quality');
}

function summaryOf({ total_checks, passed_checks, failed_checks, success_rate }: Readonly<Record<string, unknown>>) {
  const hasAllPassed =
    typeof failed_checks === 'number'
      ? failed_checks === 0
      : typeof success_rate === 'number'
        ? success_rate === 100
        : passed_checks === total_checks;
  const actual =
    (success_rate === undefined ? '' : scalarText(success_rate)) ||
    `${scalarText(passed_checks)} of ${scalarText(total_checks)}`;
  return { check_name: 'success_rate', success: hasAllPassed, expected: '100', actual };
}

/** One result, flat or as Great Expectations writes it: what was expected and found stands one level deeper. */
function checkOf(detail: Readonly<Record<string, unknown>>, index: number): Record<string, unknown> {
  const config = isObject(detail.expectation_config) ? detail.expectation_config : {};
  const found = isObject(detail.result) ? detail.result : {};
  const name = detail.check_name ?? detail.expectation_type ?? detail.expectation ?? detail.check ?? detail.name;
  return {
    check_name: name ?? config.expectation_type ?? config.type ?? `check ${index + 1}`,
    dataset: detail.dataset ?? detail.table ?? detail.column ?? (isObject(config.kwargs) ? config.kwargs.column : null),
    success: detail.success ?? detail.passed ?? detail.status,
    severity: detail.severity,
    expected: detail.expected,
    actual: detail.actual ?? detail.observed_value ?? found.observed_value,
    records_checked: detail.records_checked ?? found.element_count,
    records_failed: detail.records_failed ?? found.unexpected_count,
  };
}
