import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { eventColumns } from '../core/schema/event-columns.ts';
import { jsonTypeName, quotedName } from '../sql/type-names.ts';

/** DuckDB alone: the same file read as NDJSON, typed, deduplicated by event_id, written as Parquet with raw_payload. */
const [, , file = '', parquet = ''] = process.argv;
const stamps = new Set([
  'event_key',
  'event_date',
  'event_time',
  'received_at',
  'lease_ms',
  'flags',
  'original',
  'extra',
]);
const fields = Object.entries(eventColumns).filter(([name]) => !stamps.has(name));
const row = fields.map(([name, { type }]) => `${quotedName(name)} ${jsonTypeName(type, 'duckdb')}`).join(', ');
const typed = fields
  .map(([name, { type }]) => {
    const field = `e.${quotedName(name)}`;
    return (type as unknown) === 'timestamp' ? `try_cast(${field} as timestamp) as ${quotedName(name)}` : field;
  })
  .join(', ');

const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: '1000MB',
  threads: '2',
  preserve_insertion_order: 'false',
  temp_directory: `${parquet}.spill`,
});
const connection = await instance.connect();
const startedAt = performance.now();
const usedBefore = process.cpuUsage();
await connection.run(`
  copy (
    with lines as (
      select json as line, row_number() over (partition by json_extract_string(json, '$.event_id')) as copy
      from read_ndjson_objects('${file}', maximum_object_size = 2097152)
    ),
    parsed as (select try_cast(line as row(${row})) as e, cast(line as varchar) as raw_payload from lines where copy = 1)
    select ${typed}, raw_payload from parsed
  ) to '${parquet}' (format parquet, compression zstd)`);
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(usedBefore);
const peakMb = Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024);
console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, peakMb }));
