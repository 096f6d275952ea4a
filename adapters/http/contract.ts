import * as z from 'zod';
import type { Dismissal } from '../../core/accept/rejection.ts';
import type { Forgetting, ParkedObject, RetriedObjects } from '../../core/objects/parked-object.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import type { Taken } from '../../core/ports/event-sink.ts';
import type { RebuildReport } from '../../core/rebuild-report.ts';
import type { ShownRun, ShownRunDetail } from '../../core/run/shown-run.ts';
import type { Column, Columns, RowOf } from '../../core/schema/column-type.ts';
import { runStateColumns, stepStateColumns } from '../../core/schema/columns.ts';
import { STATUSES } from '../../core/schema/event.ts';
import { ROLES } from '../../core/token/role.ts';
import type { Inspection, LedgerSummary } from '../../ledger/api.ts';

/*
 * What travels between a served ledger (`api.ts`) and its client (`client.ts`). The server checks requests against these
 * schemas and its answers have their types; the client sends those types and checks answers against the schemas.
 */

const MAX_LIMIT = 1_000;

const name = z.string().min(1).max(1_000);
/** GET /api/runs/:run_id?… */
export const runQuery = z.strictObject({ environment: name.optional(), process_name: name.optional() });
export type RunQuery = z.output<typeof runQuery>;
/** GET /api/runs?… */
export const runsQuery = runQuery.extend({
  open: z.enum(['true', 'false']).optional(),
  alive: z.enum(['true', 'false']).optional(),
  since: z.iso.datetime().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(20),
});
export type RunsQuery = z.output<typeof runsQuery>;
/** POST /api/rebuild */
export const rebuildBody = z.strictObject({ day: z.iso.date().optional(), verify: z.boolean().default(false) });

/** POST /api/rejections/dismiss */
export const dismissBody: z.ZodType<Dismissal> = z.strictObject({
  keys: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(1_000),
  reason: z.string().min(1).max(1_000),
  who: name.optional(),
});

const count = z.int().min(0);
const text = z.string();

/** What S3 takes as a key. */
const object = z.string().min(1).max(1_024);
const MAX_OBJECTS = 1_000;
/** POST /api/objects/retry */
export const retryBody = z.strictObject({ objects: z.array(object).max(MAX_OBJECTS) });
/** POST /api/objects/forget */
export const forgetBody: z.ZodType<Forgetting> = z.strictObject({
  objects: z.array(object).max(MAX_OBJECTS),
  reason: z.string().min(1).max(1_000),
  who: name.optional(),
});

/** POST /api/records */
export const recordsAnswer: z.ZodType<Taken> = z.object({
  received: count,
  accepted: count,
  rejected: count,
  reasons: z.exactOptional(z.array(z.object({ line: count, kind: text, explanation: text }))),
});

/** POST /query */
export const queryAnswer: z.ZodType<Answer> = z.object({
  columns: z.array(z.object({ name: text, type: text })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  elapsed_ms: z.number(),
  note: text.optional(),
  scanned_bytes: count.optional(),
  as_of: text.optional(),
});

/** GET /api/questions */
export const questionsAnswer = z.array(
  z.object({
    name: text,
    summary: text,
    asks: z.record(
      text,
      z.object({
        ...{ kind: text, comment: text, default: text },
        oneOf: z.array(text).readonly().optional(),
        between: z.tuple([z.number(), z.number()]).readonly().optional(),
      }),
    ),
    columns: z.array(z.object({ name: text, type: text, comment: text })),
  }),
);

/** A row as JSON. A column that the other side does not know is null; columns that only it knows are kept. */
const shapeOf = <C extends Columns>(columns: C) =>
  Object.fromEntries(Object.entries(columns).map(([column, { type, oneOf }]) => [column, cellOf({ type, oneOf })])) as {
    readonly [Name in keyof C]: z.ZodType<RowOf<C>[Name]>;
  };

const cellOf = ({ type, oneOf }: Pick<Column, 'type'> & { readonly oneOf: readonly string[] | undefined }): z.ZodType =>
  (oneOf === undefined ? scalarOf(type) : z.enum(oneOf)).nullable().default(null);

function scalarOf(type: Column['type']): z.ZodType {
  switch (type) {
    case 'varchar':
    case 'timestamp':
    case 'date':
      return text;
    case 'bigint':
    case 'integer':
    case 'double':
      return z.number();
    case 'boolean':
      return z.boolean();
    default:
      return z.json();
  }
}

const shownRun: z.ZodType<ShownRun> = z.looseObject({
  ...shapeOf(runStateColumns),
  ...{ environment: text, process_name: text, run_id: text },
  status: z.enum([...STATUSES, 'SUSPECT', 'LOST']),
});

/** GET /api/runs */
export const runsAnswer: z.ZodType<readonly ShownRun[]> = z.array(shownRun);

/** GET /api/runs/:run_id */
export const runAnswer: z.ZodType<readonly ShownRunDetail[]> = z.array(
  z.object({ run: shownRun, steps: z.array(z.looseObject({ ...shapeOf(stepStateColumns), step_name: text })) }),
);

/** GET /api/summary */
export const summaryAnswer: z.ZodType<LedgerSummary> = z.looseObject({
  version: text,
  data_dir: text,
  runs: count.nullable(),
  open_runs: count,
  lost_runs: count,
  objects: z.object({
    recorded: count,
    tracked: count,
    compacted: count,
    summarized: count,
    parked: count,
    forgotten: count.default(0),
  }),
  lines: z.object({ lines: count, inserted: count, duplicates: count, unreadable: count, unaccepted: count }),
  due_days: count,
  parked: z.array(z.object({ object: text, why: text })),
  troubles: z.array(z.object({ part: text, cause: text, since: text })).default([]),
});

/** GET /api/inspection */
export const inspectionAnswer: z.ZodType<Inspection> = z.object({
  raw: z.object({
    objects: count,
    missing: z.array(text),
    changed: z.array(z.object({ object: text, recorded_bytes: count, found_bytes: count })),
    unrecorded: z.array(text),
  }),
  lands: z.boolean(),
});

/** POST /api/rebuild */
export const rebuildAnswer: z.ZodType<RebuildReport> = z.object({
  objects: count,
  lines: count,
  identical: z.boolean(),
  swapped: z.boolean(),
  tables: z.array(z.object({ table: text, rows: count, rebuilt_rows: count, checksum: text, rebuilt_checksum: text })),
  parked: z.array(z.object({ object: text, why: text })).default([]),
});

/** POST /api/rejections/dismiss */
export const dismissAnswer = z.object({ dismissed: count });

/** GET /api/objects/parked */
export const parkedAnswer: z.ZodType<readonly ParkedObject[]> = z.array(
  z.object({ object: text, size_bytes: count, why: text }),
);

/** POST /api/objects/retry */
export const retryAnswer: z.ZodType<RetriedObjects> = z.object({ retried: z.array(text), parked: parkedAnswer });

/** POST /api/objects/forget */
export const forgetAnswer = z.object({ forgotten: z.array(text) });

/** POST /api/settle */
export const settleAnswer = z.object({ settled: z.literal(true) });

/** The status 202 of a question that is still under way where it is billed: it is asked again, as of the same moment. */
export const underWayAnswer = z.object({
  error: z.object({ code: text, message: text }),
  under_way: z.object({ as_of: text, scanned_bytes: count, elapsed_ms: z.number() }),
});

/** POST /api/session */
export const signInBody = z.strictObject({ token: name });

/** GET, POST and DELETE /api/session: the version of the ledger, and who asks. */
export const sessionAnswer = z.object({
  version: text,
  /** Whether callers need a token now. */
  needs_token: z.boolean(),
  /** Null: nobody yet. The name is null where the token has none, or none is needed. */
  caller: z
    .object({
      name: text.nullable(),
      roles: z.array(z.enum(ROLES)),
      /** What the token is limited to; missing: nothing. */
      owners: z.exactOptional(z.array(text).readonly()),
      environments: z.exactOptional(z.array(text).readonly()),
    })
    .nullable(),
  /** Where the ledger is deployed: how the page asks it. */
  deployed: z.exactOptional(
    z.object({
      /** Which one. */
      where: text,
      /** There is no stream of changes: the page looks every so often. */
      looks_every_s: count,
      /** What a question of history costs. */
      billing: z.object({ dollars_per_terabyte: z.number(), least_billed_bytes: count, most_bytes: count.nullable() }),
      /** `cookie`: a token begins a session. `bearer`: the page sends it with each request, and forgets it when it is closed. */
      sign_in: z.enum(['cookie', 'bearer']),
    }),
  ),
});
export type Session = z.output<typeof sessionAnswer>;

/** Every request that was not served. `code` is an `ErrorCode` of `http-error.ts`, or one that only a newer side knows. */
export const failureAnswer = z.object({ error: z.object({ code: text, message: text }) });

/** GET /api/tables: what SQL may ask, with its columns. */
export const tablesAnswer = z.array(
  z.object({
    name: text,
    comment: text,
    columns: z.array(z.object({ name: text, type: text, comment: text })),
  }),
);
