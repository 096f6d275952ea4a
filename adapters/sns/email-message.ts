import type { Notice } from '../../core/alert/notice.ts';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';

/** SNS: below 100 characters, no line breaks, no control characters (API reference of Publish). */
const MAX_SUBJECT_LENGTH = 99;
/** SNS takes 256 KiB, which is more than a person reads in a mail. In UTF-8 this is at most 96 KiB. */
const MAX_BODY_LENGTH = 32_000;
const MAX_STEPS_LENGTH = 4_000;
const MAX_FACTS_LENGTH = 8_000;

/** A notice as plain text, the only form of mail that SNS sends. Never throws: what is too long is cut. */
export function emailMessage(notice: Notice): { readonly subject: string; readonly body: string } {
  const { severity, environment, process_name, run_id, title, lines, next_steps, facts } = notice;
  const known = {
    pipeline: process_name,
    ...(run_id === '' ? {} : { run: run_id }),
    environment,
    severity,
    ...facts,
  };
  const steps = cutLines(
    next_steps.map((step) => `  ${oneLine(step)}`),
    MAX_STEPS_LENGTH,
  );
  const table = cutLines(
    Object.entries(known).map(([name, value]) => `  ${oneLine(name)}: ${oneLine(value)}`),
    MAX_FACTS_LENGTH,
  );
  const head = [cutText(oneLine(title), MAX_STEPS_LENGTH), ''];
  const tail = [...(steps.length > 0 ? ['', 'Next:', ...steps] : []), '', 'Facts:', ...table];
  const room = MAX_BODY_LENGTH - [...head, ...tail].join('\n').length;
  return {
    subject: cutText(oneLine(`[${severity}] ${title}`), MAX_SUBJECT_LENGTH),
    body: [...head, ...cutLines(lines.flatMap(asLines), room), ...tail].join('\n'),
  };
}

const asLines = (line: string): readonly string[] => line.split(/\r\n|[\n\r\u2028\u2029]/).map(oneLine);
