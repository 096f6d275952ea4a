import { Token } from 'aws-cdk-lib';
import * as z from 'zod';

/** One option: what it does, what it accepts as text for people, the least and the greatest it accepts, and its schema with the default. */
export interface Option {
  readonly about: string;
  readonly expected: string;
  /** A test synthesises the stack with each: what the option accepts, AWS must accept. */
  readonly ends: readonly [unknown, unknown];
  readonly schema: z.ZodType;
}

export const NAME = {
  schema: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/),
  ends: ['a', `A${'-Long'.repeat(12)}-z`],
} as const;

/** A whole number. `-c` passes text; cdk.json may hold numbers, booleans and lists. */
export const whole = (unit: string, min: number, max: number) => {
  const schema = z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
  const option = { expected: `a whole number of ${unit} from ${min} to ${max}`, ends: [min, max] } as const;
  return {
    optional: { ...option, schema: schema.optional() },
    withDefault: (value: number) => ({ ...option, schema: schema.default(value) }),
  };
};
export const FLAG = {
  expected: 'true or false',
  ends: [false, true],
  schema: z
    .preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean())
    .default(false),
} as const;
/** A list, each item once: two subscriptions of one address would be one resource twice. */
export const list = <Item extends z.ZodType<string>>(item: Item, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').flatMap((each) => each.trim() || []) : value),
    z
      .array(item)
      .max(max)
      .transform((items) => [...new Set(items)]),
  );
export const json = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((given) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given);
    } catch {
      return given;
    }
  }, value);

const MAX_PRINCIPALS = 20;

/** Roles and users of IAM. */
export const principals = {
  expected: `at most ${MAX_PRINCIPALS} ARNs of IAM roles or users separated by commas`,
  ends: [
    [],
    Array.from({ length: MAX_PRINCIPALS }, (_, index) => `arn:aws-us-gov:iam::123456789012:role/data/person-${index}`),
  ],
  schema: list(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=.@/-]{1,576}$/), MAX_PRINCIPALS).default(
    [],
  ),
} as const;

/** Ids that AWS gives, `prefix-0a1b2c3d`, or in an app of one's own references to what will have one. */
export const ids = (prefix: string, what: string, max: number) => {
  const pattern = new RegExp(`^${prefix}-[0-9a-f]{8,17}$`);
  return {
    expected: `at most ${max} ids of ${what} separated by commas`,
    ends: [[], Array.from({ length: max }, (_, index) => `${prefix}-0a1b2c3d4e5f678${String(index).padStart(2, '0')}`)],
    schema: list(
      z.string().refine((id) => Token.isUnresolved(id) || pattern.test(id)),
      max,
    ).default([]),
  } as const;
};

/** What `cdk destroy` keeps, by name. The database and the table are of no use without the bucket. */
export const ADOPT = {
  expected:
    'a JSON object with the name of the bucket, and if you have them those of the database (at most 63) and of the table (at most 128)',
  ends: [{ bucket: 'a-b' }, { bucket: 'b'.repeat(63), database: 'd'.repeat(63), table: 't'.repeat(128) }],
  schema: json(
    z
      .strictObject({
        bucket: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/),
        database: z.exactOptional(z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)),
        table: z.exactOptional(z.string().regex(/^[\w.-]{3,128}$/)),
      })
      .optional(),
  ),
} as const;

/** The retention periods that CloudWatch Logs offers, in days (API reference of PutRetentionPolicy). */
export const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const ISSUER = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4e';

/** Whether there is a page, and who lets its readers in. */
export const PAGE = {
  expected:
    'true, false, or a JSON object with the issuer (https), the audience (1 to 20 texts), and if you want people to decide the group, role or scope of the operators',
  ends: [false, { issuer: ISSUER, audience: ['runledger'], operators: 'data-platform' }],
  schema: json(
    z
      .preprocess(
        (value) => (value === 'true' ? true : value === 'false' ? false : value),
        z.union([
          z.boolean(),
          z.strictObject({
            issuer: z.url({ protocol: /^https$/ }),
            audience: z.array(z.string().min(1).max(200)).min(1).max(20),
            operators: z.exactOptional(z.string().regex(/^[^\s,]{1,200}$/)),
          }),
        ]),
      )
      .default(false),
  ),
} as const;

const MAX_REPORTS = 5;
/** Of one report. Each is a resource of the stack, which may have 500. */
const MAX_ADDRESSES = 10;

/** Reports by the clock. Two of the same period, owner and environment would be one file twice. */
export const REPORTS = {
  expected: `a JSON list of at most ${MAX_REPORTS} objects with the period (day or week), the emails (at most ${MAX_ADDRESSES}), and if you want them an owner, an environment, and the hour (0 to 23, in the option zone)`,
  ends: [
    [],
    Array.from({ length: MAX_REPORTS }, (_, index) => ({
      ...{ period: index % 2 === 0 ? 'day' : 'week', owner: `team-${index}`, environment: 'prod', hour: 23 },
      emails: Array.from({ length: MAX_ADDRESSES }, (_each, at) => `person.${at}@data.example.com`),
    })),
  ],
  schema: json(
    z
      .array(
        z.strictObject({
          period: z.enum(['day', 'week']),
          emails: z.array(z.email()).max(MAX_ADDRESSES).default([]),
          owner: z.exactOptional(z.string().min(1).max(200)),
          environment: z.exactOptional(z.string().min(1).max(200)),
          hour: z.int().min(0).max(23).default(6),
        }),
      )
      .max(MAX_REPORTS)
      .refine(
        (all) =>
          new Set(all.map((each) => JSON.stringify([each.period, each.owner, each.environment]))).size === all.length,
      ),
  ).default([]),
} as const;
