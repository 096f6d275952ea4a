import { Cron } from 'croner';
import { errorMessage } from '../error-message.ts';
import { epochMsOf, type Instant } from '../instant.ts';

/**
 * The times that a cron expression names, in a zone. What croner answers when clocks are set: a wall time that does not
 * exist is taken at the first moment after the gap, one that occurs twice is taken the first time only, and a wildcard (every half hour)
 * goes on in real time.
 */
export interface CronTimes {
  /** The first time after this moment; undefined when there is none in the years that cron knows. */
  after(moment: Instant): Instant | undefined;
}

/** A cron expression that cannot be read; the message says what was expected. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

/**
 * Reads five fields (minute, hour, day of month, month, day of week), a nickname such as `@daily`, or a Quartz
 * expression as Databricks writes them (six or seven fields with a `?`, seconds first, Sunday is 1). Throws a CronError
 * for anything else, for one that never fires, and for one that fires more often than once a minute.
 */
export function cronTimes(expression: string, timezone: string): CronTimes {
  const cron = parsed(fiveFields(expression.trim()), timezone, expression);
  const first = cron.nextRun(new Date(FIRST_ASKED));
  if (first === null) throw new CronError(`${EXPECTED}, but "${expression}" names a time that never comes`);
  return {
    after: (moment) => {
      const next = cron.nextRun(new Date(epochMsOf(moment)));
      return next === null ? undefined : next.toISOString();
    },
  };
}

const EXPECTED =
  'expected five fields (minute, hour, day of month, month, day of week) such as "0 2 * * *", or a Quartz expression with a ? such as "0 0 2 ? * MON-FRI"';
const FIRST_ASKED = '2024-01-01T00:00:00Z';

function parsed(fields: string, timezone: string, expression: string): Cron {
  try {
    const cron = new Cron(fields, { timezone, paused: true });
    cron.nextRun(new Date(FIRST_ASKED));
    return cron;
  } catch (cause) {
    const why = errorMessage(cause).replace(/^Cron(Pattern|Date): /, '');
    throw new CronError(`${EXPECTED}, but got "${expression}": ${why}`, { cause });
  }
}

function fiveFields(expression: string): string {
  if (expression.startsWith('@')) return expression;
  const fields = expression.split(/\s+/);
  if (fields.length === 5) return expression;
  if (!fields.includes('?') || fields.length < 6 || fields.length > 7)
    throw new CronError(`${EXPECTED}, but got ${fields.length} fields in "${expression}"`);
  const [second, minute, hour, day, month, weekday, year = '*'] = fields as [string, ...string[]];
  if (!/^\d+$/.test(second))
    throw new CronError(`expected a number of seconds first, as nothing starts each second, but got "${expression}"`);
  if (year !== '*') throw new CronError(`expected a Quartz expression without a year, but got "${expression}"`);
  const rest = [minute, hour, day, month, fromSundayIsOne(weekday ?? '*')].map((field) => stepped(field ?? '*'));
  return rest.join(' ').replaceAll('?', '*');
}

/** Quartz counts the days of the week from Sunday, 1; cron from Sunday, 0. `6#3` and `6L` keep their suffix. */
const fromSundayIsOne = (weekday: string): string =>
  weekday.replace(/(?<![#/\d])[1-7]/g, (digit) => String(Number(digit) - 1));

/** Quartz writes `0/15` for every fifteen from the first. */
const stepped = (field: string): string => field.replace(/^[01]\/(\d+)$/, '*/$1');
