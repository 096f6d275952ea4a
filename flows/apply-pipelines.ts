import { counted } from '../core/format.ts';
import type { Instant } from '../core/instant.ts';
import { PIPELINES_KEY } from '../core/object-keys.ts';
import type { Applied, AppliedPipelines } from '../core/pipelines/applied.ts';
import { distinctPipelines, namedPipelines } from '../core/pipelines/pipeline-key.ts';
import { readPipelines } from '../core/pipelines/read-pipelines.ts';
import type { Holidays } from '../core/ports/holidays.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { withAllowedSince } from '../core/recovery/allowed-since.ts';
import type { RestartKind } from '../core/recovery/policy.ts';
import { appliedPipelines, type RememberedPipelines } from './applied-pipelines.ts';
import { type EvaluatePipelinePorts, evaluatePipeline } from './evaluate-pipeline.ts';
import { recordAct } from './record-act.ts';

export interface ApplyPorts extends Omit<EvaluatePipelinePorts, 'expectations'> {
  readonly store: ObjectStore;
  readonly hash: (text: string) => string;
  /** Loaded when a file is applied: they are megabytes. */
  readonly holidays: () => Promise<Holidays>;
  /** Of pipelines for which the file names none. */
  readonly environment: string;
  /** Default: the file is read from the store each time. */
  readonly remembered?: RememberedPipelines | undefined;
  /** What this ledger can start runs on. Default: nothing, and a file that names a target is refused. */
  readonly restartKinds?: readonly RestartKind[] | undefined;
}

/** Lets a file of pipelines hold from now on, and plans when each pipeline is looked at next. A file with a problem changes nothing. */
export async function applyPipelines(ports: ApplyPorts, text: string, now: Instant, who?: string): Promise<Applied> {
  const {
    expectations: wanted,
    problems,
    warnings,
  } = readPipelines(text, await ports.holidays(), ports.restartKinds ?? []);
  if (wanted === undefined) return { problems, warnings, watched: [] };
  const before = await appliedPipelines(ports.store);
  const expectations = withAllowedSince(wanted, before?.expectations, now);
  // A ledger that starts applies its file again.
  if (before?.text !== text) {
    const detail = `${counted(namedPipelines(expectations, ports.environment).length, 'pipeline')} by name; sha256 ${ports.hash(text)}`;
    await recordAct(ports, { kind: 'apply_pipelines', acted_at: now, who, target: PIPELINES_KEY, detail });
  }
  const applied: AppliedPipelines = { applied_at: now, applied_by: who, text, expectations };
  await ports.store.put(PIPELINES_KEY, JSON.stringify(applied));
  ports.remembered?.forget();
  const watched = distinctPipelines([
    ...namedPipelines(expectations, ports.environment),
    ...(await ports.watches.listWatches()),
  ]);
  for (const pipeline of watched) await evaluatePipeline({ ...ports, expectations }, pipeline, [], now);
  return { problems, warnings, watched };
}
