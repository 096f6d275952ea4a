import * as z from 'zod';
import { isZone } from '../schedule/zone.ts';
import { durationMs } from './duration.ts';

/** What a field of `pipelines.yaml` may hold. Each message says what was expected; what came is added where it is read. */
const expected = (what: string) => ({ error: `expected ${what}` });

const YEAR_MS = 366 * 86_400_000;

/** A duration as text, read as milliseconds; from a second to a year. */
export const duration = z
  .string(expected(DURATION()))
  .refine((text) => isDuration(text), expected(DURATION()))
  .transform((text) => durationMs(text) ?? 0)
  .meta({ description: 'a duration such as 90s, 10m, 2h or 1d' });

function DURATION(): string {
  return 'a duration such as 90s, 10m, 2h or 1d, at most a year';
}

function isDuration(text: string): boolean {
  const ms = durationMs(text);
  return ms !== undefined && ms >= 1000 && ms <= YEAR_MS;
}

export const timezone = z
  .string(expected('an IANA time zone such as Europe/Stockholm'))
  .refine(isZone, expected('an IANA time zone such as Europe/Stockholm'));

export const timeOfDay = z
  .string(expected('a time of day such as "06:30", in quotes'))
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expected('a time of day such as "06:30", in quotes'));

export const day = z
  .string(expected('a date such as 2026-12-24'))
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isRealDay(text), expected('a date such as 2026-12-24'));

const isRealDay = (text: string): boolean => {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};

export const share = z
  .number(expected('a share from 0 to 1, such as 0.2'))
  .min(0, expected('a share from 0 to 1, such as 0.2'))
  .max(1, expected('a share from 0 to 1, such as 0.2'));

export const count = (min: number, max: number) =>
  z
    .int(expected(`a whole number from ${min} to ${max}`))
    .min(min, expected(`a whole number from ${min} to ${max}`))
    .max(max, expected(`a whole number from ${min} to ${max}`));

export const flag = z.boolean(expected('true or false'));

export const text = (what: string, max = 500) =>
  z
    .string(expected(what))
    .min(1, expected(what))
    .max(max, expected(`${what} of at most ${max} characters`));

export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, expected(`one of ${words.join(', ')}`));

export const webAddress = z
  .url({ protocol: /^https?$/, ...expected('an address that begins with https:// or http://') })
  .max(2000, expected('an address of at most 2000 characters'));

/** A secret stands elsewhere: in an environment variable, a file, SSM Parameter Store or Secrets Manager. */
export const secretReference = z
  .string(expected(SECRET()))
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.{1,500}|ssm:\/?[\w./-]{1,500}|secretsmanager:[\w/+=.@:-]{1,500})$/,
    expected(SECRET()),
  );

function SECRET(): string {
  return 'a reference to where the secret stands: env:NAME, file:PATH, ssm:/NAME or secretsmanager:NAME. The secret itself never stands in this file';
}
