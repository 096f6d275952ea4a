import type { Instant } from '../core/instant.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryFilter } from '../core/ports/recovery-store.ts';
import type { AskedReplay, ReplayPlan, ReplayRequest } from '../core/recovery/plan-replay.ts';
import type { Recovery, Restart } from '../core/recovery/recovery.ts';
import type { StartRequest } from '../core/recovery/start-request.ts';
import type { Watermark, WatermarkSet } from '../core/recovery/watermark.ts';

/** What is done about runs that failed, or that a person wants to run again. */
export interface LedgerRecovery {
  /** What was decided, the latest decision first. */
  list(filter: RecoveryFilter): Promise<readonly Recovery[]>;
  /** What a replay would do. Changes nothing. Throws `NoSuchRunError` when there is no such run, and `RequestRefusedError` when several have that id. */
  planReplay(request: ReplayRequest): Promise<ReplayPlan>;
  /** Starts a run again as its plan says. Asking twice with one `new_run_id` starts it once. Throws as `planReplay`, and when the plan has a problem. */
  replay(request: AskedReplay): Promise<Restart>;
  /** Starts a run of a pipeline that has none yet, as of a slot that was missed. Asking twice with one `run_id` starts it once. */
  start(request: StartRequest): Promise<Restart>;
  /** How far a pipeline's data has come. */
  watermark(key: PipelineKey): Promise<Watermark>;
  /** Sets it by hand, with who and why. */
  setWatermark(set: WatermarkSet): Promise<Watermark>;
  /** Every time that it was set by hand, the latest first. */
  watermarkHistory(key: PipelineKey): Promise<readonly (WatermarkSet & { readonly set_at: Instant })[]>;
}
