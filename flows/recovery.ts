import type { Answer } from '../core/ports/answer-engine.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryFilter } from '../core/ports/recovery-store.ts';
import type { AskedReplay, ReplayRequest } from '../core/recovery/plan-replay.ts';
import type { RecoveryKey } from '../core/recovery/recovery.ts';
import type { StartRequest } from '../core/recovery/start-request.ts';
import type { Watermark, WatermarkSet } from '../core/recovery/watermark.ts';
import { render } from '../sql/define-query.ts';
import { watermarkOf } from '../sql/history.ts';
import type { RecoverPorts } from './recover.ts';
import { planReplayOf, requestReplay, requestStart, restartOf } from './request-run.ts';
import { recordWatermark, watermarkSets } from './watermarks.ts';

export interface LedgerRecoveryPorts extends Omit<RecoverPorts, 'expectations'> {
  readonly clock: Clock;
  readonly store: ObjectStore;
  readonly hash: (text: string) => string;
  /** As the file says now. */
  readonly expecting: () => Promise<Pick<RecoverPorts, 'expectations'>>;
  /** Starts what is due, now. Throws where this ledger starts nothing. */
  readonly start: () => Promise<void>;
  /** Asks the tables, everything acknowledged included. */
  readonly ask: (sql: string) => Promise<Answer>;
}

/** What people ask a ledger about failed runs, and tell it to do. */
export function recoveryOf(ports: LedgerRecoveryPorts) {
  const asking = async () => ({ ...ports, ...(await ports.expecting()) });
  const startedAs = async (run_id: string, request: () => Promise<RecoveryKey>) => {
    const key = await request();
    await ports.start();
    return restartOf(await asking(), key, run_id);
  };
  const watermark = async ({ environment, process_name }: PipelineKey): Promise<Watermark> => {
    const { rows } = await ports.ask(render(watermarkOf, { environment, process_name }));
    const [data_until, last_success_at, last_success_run_id] = (rows[0] ?? []).map(textOf);
    const [set] = await watermarkSets(ports.store, environment, process_name);
    return {
      ...(data_until !== undefined && { data_until }),
      ...(last_success_at !== undefined && { last_success_at }),
      ...(last_success_run_id !== undefined && { last_success_run_id }),
      ...(set !== undefined && {
        set_by_hand: {
          who: set.who,
          why: set.why,
          set_at: set.set_at,
          ...(set.data_until && { data_until: set.data_until }),
        },
      }),
    };
  };
  return {
    list: (filter: RecoveryFilter) => ports.recoveries.listRecoveries(filter),
    planReplay: async (request: ReplayRequest) => planReplayOf(await asking(), request),
    replay: (request: AskedReplay) => startedAs(request.new_run_id, async () => requestReplay(await asking(), request)),
    start: (request: StartRequest) => startedAs(request.run_id, async () => requestStart(await asking(), request)),
    watermark,
    setWatermark: async (set: WatermarkSet) => {
      await recordWatermark(ports.store, set, ports.hash, ports.clock.now());
      return watermark(set);
    },
    watermarkHistory: ({ environment, process_name }: PipelineKey) =>
      watermarkSets(ports.store, environment, process_name),
  };
}

const textOf = (cell: unknown): string | undefined => (cell === null || cell === undefined ? undefined : String(cell));
