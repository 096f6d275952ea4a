import * as z from 'zod';
import type { AskedReplay, ReplayPlan, ReplayRequest } from '../../core/recovery/plan-replay.ts';
import { DECISION_KINDS, DECISION_REASONS, type Recovery, type Restart } from '../../core/recovery/recovery.ts';
import type { StartRequest } from '../../core/recovery/start-request.ts';
import type { Watermark, WatermarkLine, WatermarkSet } from '../../core/recovery/watermark.ts';

/* What travels below /api/recovery between a served ledger and its client, as `contract.ts` has the rest. */

const name = z.string().min(1).max(1_000);
const instant = z.iso.datetime();
const text = z.string();
const params = z.record(z.string().min(1).max(100), z.string().max(10_000));
/** It becomes the name of a run: what accept lets through. */
const runId = z.string().min(1).max(256);

/** GET /api/recovery/decisions?… */
export const decisionsQuery = z.strictObject({
  environment: name.optional(),
  process_name: name.optional(),
  slot: name.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});
export type DecisionsQuery = z.output<typeof decisionsQuery>;

const replay = {
  run_id: name,
  environment: name.optional(),
  process_name: name.optional(),
  from_step: z.int().min(0).optional(),
  from_failed: z.boolean().optional(),
  params,
  new_run_id: runId,
};
/** POST /api/recovery/replays/plan */
export const planBody: z.ZodType<ReplayRequest> = z.strictObject(replay);
/** POST /api/recovery/replays */
export const replayBody: z.ZodType<AskedReplay> = z.strictObject({ ...replay, who: name, why: name.optional() });
/** POST /api/recovery/starts */
export const startBody: z.ZodType<StartRequest> = z.strictObject({
  ...{ environment: name, process_name: name, run_id: runId, who: name, params },
  run_mode: z.string().min(1).max(100),
  scheduled_for: instant.optional(),
});
/** GET /api/recovery/watermark?… and /api/recovery/watermark/history?… */
export const watermarkQuery = z.strictObject({ environment: name, process_name: name });
/** POST /api/recovery/watermark */
export const watermarkBody: z.ZodType<WatermarkSet> = z.strictObject({
  ...{ environment: name, process_name: name, who: name, why: name },
  data_until: instant.optional(),
});

const decision = z.looseObject({
  ...{ number: z.int(), at: text, text, run_id: text, run_attempt: z.int() },
  kind: z.enum(DECISION_KINDS),
  reason: z.enum(DECISION_REASONS),
});
const startedRun = {
  ...{ run_id: text, root_run_id: text, run_attempt: z.int(), run_mode: text, params: z.record(text, text) },
  ...{ parent_run_id: text.optional(), from_step: z.int().optional(), scheduled_for: text.optional() },
};
const restart = z.looseObject({
  ...startedRun,
  state: z.enum(['planned', 'claimed', 'started', 'heard', 'silent', 'not_started', 'unclear', 'withdrawn']),
  ...{ due_at: text, decided_at: text },
});
export const restartAnswer: z.ZodType<Restart> = restart;
export const decisionsAnswer: z.ZodType<readonly Recovery[]> = z.array(
  z.looseObject({
    ...{ environment: text, process_name: text, slot: text, changes: z.int(), told: z.int() },
    ...{ decisions: z.array(decision), restarts: z.array(restart) },
  }),
);
export const planAnswer: z.ZodType<ReplayPlan> = z.looseObject({
  ...{ environment: text, process_name: text, of_run_id: text, of_status: text, slot: text, idempotent: text },
  run: z.object(startedRun),
  ...{ target: text.optional(), data_interval_start: text.optional(), data_interval_end: text.optional() },
  steps: z.array(z.object({ step_index: z.int().nullable(), step_name: text, status: text, skipped: text.optional() })),
  ...{ downstream: z.array(text), warnings: z.array(text), problems: z.array(text) },
});
export const watermarkAnswer: z.ZodType<Watermark> = z.object({
  ...{ data_until: text.optional(), last_success_at: text.optional(), last_success_run_id: text.optional() },
  set_by_hand: z.object({ data_until: text.optional(), who: text, why: text, set_at: text }).optional(),
});
export const watermarkHistoryAnswer: z.ZodType<readonly WatermarkLine[]> = z.array(
  z.object({
    ...{ kind: z.literal('watermark'), environment: text, process_name: text, who: text, why: text, set_at: text },
    data_until: text.optional(),
  }),
);
