import type { Instant } from '../core/instant.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { reportHtml } from '../core/report/html.ts';
import { reportText } from '../core/report/text.ts';
import { type AskReport, gatherReport, type Period } from '../sql/gather-report.ts';

/** Which report, and of what. */
export interface WantedReport {
  readonly period: Period;
  /** Empty: of all. */
  readonly owner: string;
  readonly environment: string;
}

export interface SendReportPorts {
  readonly ask: AskReport;
  readonly clock: Clock;
  readonly store: ObjectStore;
  /** The address of an object, as people open it. */
  readonly addressOf: (key: string) => string;
  /** Sends one text. Throws when it was not taken. */
  readonly send: (subject: string, text: string) => Promise<void>;
  /** Makes text safe to print. */
  readonly plain: (text: string) => string;
}

/**
 * Makes the report of the day or the week up to now, keeps it as one HTML file, and sends it as text with the address of
 * that file. Repeated within a day it takes the place of the file, and is sent again.
 */
export async function sendReport(
  ports: SendReportPorts,
  wanted: WantedReport,
): Promise<{ readonly key: string; readonly parts: number }> {
  const now = ports.clock.now();
  const report = await gatherReport(wanted, now, ports.ask);
  const key = reportKey(wanted, now);
  await ports.store.put(key, reportHtml(report));
  const of = [wanted.owner, wanted.environment].filter((each) => each !== '').join(', ');
  const subject = `${report.title}${of === '' ? '' : `: ${of}`}`;
  const text = `${reportText(report, ports.plain)}\nWith plots, for who may read the bucket:\n${ports.addressOf(key)}\n`;
  await ports.send(ports.plain(subject), text);
  return { key, parts: report.parts.length };
}

/** By the day on which it was made: `reports/dt=2026-11-30/week-crm.html`. */
function reportKey({ period, owner, environment }: WantedReport, now: Instant): string {
  const parts = [period, owner, environment].filter((each) => each !== '');
  const name = parts
    .map((each) => encodeURIComponent(each.toWellFormed()).replaceAll('%', '_').slice(0, 200))
    .join('-');
  return `${FOLDERS.reports}/dt=${now.slice(0, 10)}/${name}.html`;
}
