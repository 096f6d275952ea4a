import * as z from 'zod';
import { REASONS, SEVERITIES } from '../../core/alert/condition.ts';
import type { IncidentDecision } from '../../core/alert/decision.ts';
import type { ExpectedSlot } from '../../core/alert/expected-slot.ts';
import { CHANGE_KINDS, type Incident } from '../../core/alert/incident.ts';
import type { RestoredIncidents } from '../../core/alert/restored-incidents.ts';
import { silenceSchema } from '../../core/alert/silence.ts';
import type { Applied, AppliedPipelines } from '../../core/pipelines/applied.ts';
import type { Expectations } from '../../core/pipelines/expectations.ts';
import { MAX_FILE_BYTES } from '../../core/pipelines/read-yaml.ts';

/* What travels below /api/alerts between a served ledger and its client, as `contract.ts` has the rest. */

const name = z.string().min(1).max(1_000);
const instant = z.iso.datetime();

/** GET /api/alerts/incidents?… */
export const incidentsQuery = z.strictObject({
  environment: name.optional(),
  process_name: name.optional(),
  open: z.enum(['true', 'false']).optional(),
  since: instant.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});
export type IncidentsQuery = z.output<typeof incidentsQuery>;

/** POST /api/alerts/decisions */
export const decisionBody: z.ZodType<IncidentDecision> = z.strictObject({
  id: z.string().min(1).max(4_000),
  decision: z.enum(['acknowledge', 'resolve']),
  who: name,
  why: name.optional(),
});

/** POST /api/alerts/silences */
export const silenceBody = silenceSchema;

/** POST /api/alerts/silences/end */
export const endSilenceBody = z.strictObject({ id: name, who: name.optional() });

/** GET /api/alerts/expected?… */
export const expectedQuery = z.strictObject({ from: instant, until: instant });

/** POST /api/alerts/pipelines */
export const pipelinesBody = z.strictObject({ text: z.string().max(MAX_FILE_BYTES), who: name.optional() });

const condition = z.looseObject({
  reason: z.enum(REASONS),
  severity: z.enum(SEVERITIES),
  occurred_at: z.string(),
  detected_at: z.string(),
  text: z.string(),
});

export const incidentAnswer: z.ZodType<Incident> = z.looseObject({
  id: z.string(),
  environment: z.string(),
  process_name: z.string(),
  slot: z.string(),
  occurrence: z.int(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  severity: z.enum(SEVERITIES),
  reasons: z.array(condition),
  run_ids: z.array(z.string()),
  occurred_at: z.string(),
  detected_at: z.string(),
  outbox: z.array(
    z.looseObject({ number: z.int(), kind: z.enum(CHANGE_KINDS), at: z.string(), reasons: z.array(z.enum(REASONS)) }),
  ),
  changes: z.int(),
});
export const incidentsAnswer = z.array(incidentAnswer);
export const decisionAnswer = z.object({ incident: incidentAnswer.nullable() });
export const silencesAnswer = z.array(silenceSchema);
export const silencedAnswer = z.object({ silenced: z.literal(true) });
export const endedAnswer = z.object({ ended: z.boolean() });

export const expectedAnswer: z.ZodType<readonly ExpectedSlot[]> = z.array(
  z.object({
    environment: z.string(),
    process_name: z.string(),
    slot: z.string(),
    local_time: z.string(),
    timezone: z.string(),
    state: z.enum(['waiting', 'running', 'good', 'failed', 'missed']),
    reasons: z.array(z.string()),
    run_ids: z.array(z.string()),
  }),
);

const expectations = z.custom<Expectations>(
  (value) => typeof value === 'object' && value !== null && 'pipelines' in value,
);
const applied: z.ZodType<AppliedPipelines> = z.object({
  applied_at: z.string(),
  applied_by: z.string().optional(),
  text: z.string(),
  expectations,
});
export const pipelinesAnswer = z.object({ applied: applied.nullable() });

const problems = z.array(z.object({ line: z.int(), column: z.int(), path: z.string(), message: z.string() }));
export const applyAnswer: z.ZodType<Applied> = z.object({
  problems,
  warnings: problems,
  watched: z.array(z.object({ environment: z.string(), process_name: z.string() })),
});

export const restoredAnswer: z.ZodType<RestoredIncidents> = z.object({ incidents: z.int(), receipts: z.int() });

/** POST /api/alerts/routes/test */
export const testRouteBody = z.strictObject({ route: name });
