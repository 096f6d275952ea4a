import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { withFewerSteps } from '../../core/run/fewer-steps.ts';
import type { Run } from '../../core/run/run.ts';

/**
 * A run as it is stored: one byte that names the dictionary, then deflated JSON. DynamoDB bills a write by the KiB; the
 * dictionary takes some 200 bytes off, so that a run of up to three steps is one unit, where it would be two.
 */
export function packRun(run: Run): Uint8Array {
  // Of a run whose every text is as long as it may be, an item holds fewer steps than a live run keeps.
  for (let kept = run; ; kept = withFewerSteps(kept)) {
    const cell = Buffer.concat([Buffer.of(CURRENT), deflateRawSync(JSON.stringify(kept), { dictionary: DICTIONARY })]);
    if (cell.length <= MAX_CELL_BYTES) return cell;
    if (Object.keys(kept.steps).length === 0)
      throw new Error(
        `Expected the run ${run.run_id} of ${run.process_name} to be at most ${MAX_CELL_BYTES} bytes when packed ` +
          `without its steps, got ${cell.length}. Its events are in the lake.`,
      );
  }
}

export function unpackRun(cell: Uint8Array): Run {
  if (cell[0] !== CURRENT)
    throw new Error(
      `Expected a stored run packed in form ${CURRENT}, got form ${cell[0]}. Use the version that wrote it, or clear ` +
        'the live store and build it again from the raw lines.',
    );
  return JSON.parse(inflateRawSync(cell.subarray(1), { dictionary: DICTIONARY }).toString()) as Run;
}

/** An item is at most 400 KiB, names and keys included. */
const MAX_CELL_BYTES = 390 * 1024;
const CURRENT = 2;

const AT = '2026-01-01T00:00:00.000Z';
const SAID = [AT, '', ''];
const COUNTED = [AT, '', 0];
const WORK = {
  first_event_at: AT,
  first_start: AT,
  last_start: AT,
  statuses: { RUNNING: SAID, SUCCESS: SAID },
  totals: { duration_ms: COUNTED, records_in: COUNTED, records_out: COUNTED },
};
const step = (step_index: number) => ({ step_name: '', step_index, run_attempt: 1, attempt: 1, work: WORK });

/**
 * What runs have in common: words, and an empty run, the usual last, where deflate finds it cheapest. Never to be
 * changed: what is stored can only be read with it. A better one gets a number of its own.
 */
const DICTIONARY = Buffer.from(
  [
    '"truncated":true"untimed":{"facts":{"size":"paths_truncated":true"reads":["writes":["map_index":"start_dates":["CANCELLED":["TIMED_OUT":["SKIPPED":["QUEUED":["RETRY":["parent_run_id":["root_run_id":[',
    '"notebook_path":["notebook_git_sha":["run_mode":["memory_used_bytes":"data_size_bytes_in":["data_size_bytes_out":[',
    '"scheduled_for":["data_interval_start":["data_interval_end":["last_failed_event_at":""FAILED":["error":["true"]"false"]',
    JSON.stringify({
      environment: 'prod',
      process_name: '',
      run_id: '',
      first_event_at: AT,
      last_event_at: AT,
      event_dates: ['2026-01-01'],
      lease_ms: 86_400_000,
      last_ok_event_at: AT,
      opened: { run_attempt: 1, work: WORK },
      highest_attempt: 1,
      described: { process_type: SAID, job_id: SAID, owner: SAID, user: SAID, cluster_id: SAID, cluster_size: SAID },
      attempts: {},
      steps: { '0::': step(0), '1::': step(1) },
    }),
  ].join(''),
);
