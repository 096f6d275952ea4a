import { resolve } from 'node:path';
import { Ledger } from '@runledger/client';
import { type Show, shownTime } from './shown-steps.ts';
import { type InventoryResult, takeInventory } from './take-inventory.ts';

export interface InventoryOptions {
  /** Where the ledger listens. Default: RUNLEDGER_URL, else `http://127.0.0.1:4319`. */
  readonly url?: string | undefined;
  /** The folder that has `node_modules`. Default: the current one. */
  readonly root?: string | undefined;
  /** Where the Parquet files go. Default: `.runledger-example`. */
  readonly out?: string | undefined;
  readonly run_id?: string | undefined;
  readonly environment?: string | undefined;
  /** Damage a copy of one manifest, so that the run fails as real ones do. */
  readonly breaks?: boolean | undefined;
  /** Called with one line of text for each step. Default: shows nothing. */
  readonly show?: Show | undefined;
}

/** Makes the inventory, as a run of the pipeline `dependency-inventory`. Throws the error that made it fail. */
export async function runInventory(options: InventoryOptions = {}): Promise<InventoryResult> {
  const { show = () => undefined, breaks = false } = options;
  const root = resolve(options.root ?? '.');
  const out = resolve(options.out ?? '.runledger-example');
  let trouble: Error | undefined;
  const ledger = new Ledger({
    url: options.url,
    producer: { name: 'dependency-inventory', version: '1.0.0' },
    onError: (error) => {
      trouble ??= error;
    },
  });
  const startedMs = performance.now();
  try {
    const result = await ledger.run(
      {
        process_name: 'dependency-inventory',
        process_type: 'assembler',
        run_id: options.run_id,
        environment: options.environment,
        run_mode: 'manual',
        owner: 'examples',
        params: { root, out, break: breaks },
        sla: { expected_max_duration_ms: 60_000 },
      },
      (run) => takeInventory(run, { root, out, breaks, show }),
    );
    show(`SUCCESS in ${shownTime(performance.now() - startedMs)}: ${result.targets.join(', ')}`);
    return result;
  } catch (error) {
    show(`FAILED in ${shownTime(performance.now() - startedMs)}`);
    throw error;
  } finally {
    await ledger.close();
    const { emitted, sent } = ledger.stats();
    if (sent < emitted) show(`${emitted - sent} of ${emitted} events did not reach the ledger: ${trouble?.message}`);
  }
}
