import { randomUUID } from 'node:crypto';

const STEPS = ['download_s3', 'parse', 'join_orders_customers', 'write_delta'];
const EVENTS_PER_RUN = 2 + 2 * STEPS.length;

/** The seed's own sample event, 1.1 KB, in runs of ten events: as a pipeline really emits them. */
export function seedEvent(index: number, startMs: number): Record<string, unknown> {
  const run = Math.floor(index / EVENTS_PER_RUN);
  const part = index % EVENTS_PER_RUN;
  const ofRun = part === 0 || part === EVENTS_PER_RUN - 1;
  const step = Math.floor((part - 1) / 2);
  const isEnd = ofRun ? part !== 0 : part % 2 === 0;
  const at = new Date(startMs + run * 10 + part * 1000).toISOString();
  const start = new Date(startMs + run * 10 + (ofRun ? 0 : part - (isEnd ? 1 : 0)) * 1000).toISOString();
  return {
    event_id: randomUUID(),
    run_id: `8fb4b2a6-0000-4000-8000-${String(run).padStart(12, '0')}`,
    process_name: `customer_daily_assemble_${run % 40}`,
    process_type: 'assembler',
    job_id: 'job-347',
    task_id: 'notebook-123',
    ...(ofRun ? {} : { step_name: STEPS[step], step_index: step }),
    event_type: `${ofRun ? 'RUN' : 'STEP'}_${isEnd ? 'END' : 'START'}`,
    status: isEnd ? 'SUCCESS' : 'RUNNING',
    attempt: 1,
    start_time: start,
    ...(isEnd ? { end_time: at, duration_ms: 1000 } : {}),
    cluster: {
      cluster_id: '0123-456789-abcde',
      cluster_size: '8 x r5.4xlarge',
      executor_count: 16,
      driver_node_type: 'r5.4xlarge',
    },
    user: 'svc_data_engineer',
    notebook_path: '/Repos/team/pipelines/customer_daily.py',
    notebook_git_sha: 'abc1234',
    data_size_bytes_in: 1203456789,
    records_in: 12345678,
    data_size_bytes_out: 1201000000,
    records_out: 12299000,
    input_sources: [{ type: 's3', path: 's3://raw/orders/2025-11-03', size_bytes: 1203456789, records: 12345678 }],
    output_targets: [{ type: 'delta', path: 's3://delta/customers/', partition: 'date=2025-11-03' }],
    params: { batch_date: '2025-11-03', mode: 'full' },
    metrics: { cpu_seconds: 312.5, shuffle_bytes: 10240000 },
    tags: { env: 'prod', team: 'crm' },
    sla: { expected_max_duration_ms: 600000, sla_missed: false },
    created_at: at,
    updated_at: at,
  };
}
