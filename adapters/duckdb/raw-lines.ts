import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arrivalDateOf, FOLDERS, PACKED_SUFFIX } from '../../core/object-keys.ts';
import { quoted } from './quoted.ts';
import { MAX_LINE_BYTES, readableFile } from './readable-file.ts';

/** A line is one column: no byte that JSON text can hold separates anything. */
const ONE_COLUMN = `auto_detect = false, header = false, delim = '\\x01', quote = '', escape = '', comment = '', columns = {'line': 'varchar'}, max_line_size = ${MAX_LINE_BYTES}, filename = true, hive_partitioning = false, strict_mode = false`;

/**
 * The view `raw_lines` over exactly these objects: what Athena's partition projection and `"$path"` do there. An object
 * that DuckDB would refuse whole, because of one damaged line, is read from a copy in which that line is no JSON.
 */
export function rawLinesView(root: string, objects: readonly string[]): string {
  const files = objects.map((object) => ({ object, ...readableFile(root, object) }));
  const sound = files.filter(({ isCopy }) => !isCopy).map(({ file }) => file);
  const copies = files.filter(({ isCopy }) => isCopy).map(({ object, file }) => fromCopy(object, file));
  const selects = [...(sound.length > 0 || copies.length === 0 ? [fromFiles(root, sound)] : []), ...copies];
  return `create or replace temp view raw_lines as ${selects.join(' union all ')}`;
}

function fromFiles(root: string, files: readonly string[]): string {
  const source =
    files.length === 0
      ? "(select cast(null as varchar) as line, '' as filename where false)"
      : `read_csv([${files.map(quoted).join(', ')}], ${ONE_COLUMN})`;
  const path = `substr(filename, ${root.length + 2})`;
  // A packed file holds an object that bears its own name.
  const object = files.some(isPacked) ? `regexp_replace(${path}, '\\${PACKED_SUFFIX}$', '')` : path;
  return `select line, ${object} as "$path",
    regexp_extract(filename, 'dt=([0-9-]+)/hh=', 1) as dt, regexp_extract(filename, '/hh=([0-9]+)/', 1) as hh
    from ${source}`;
}

const isPacked = (file: string): boolean => file.endsWith(PACKED_SUFFIX);

function fromCopy(object: string, file: string): string {
  const hour = /\/hh=([0-9]+)\//.exec(object)?.[1] ?? '';
  return `select line, ${quoted(object)} as "$path", ${quoted(arrivalDateOf(object) ?? '')} as dt, ${quoted(hour)} as hh
    from read_csv([${quoted(file)}], ${ONE_COLUMN})`;
}

/**
 * The views `rejected_lines` over every sealed file of rejections, `access_lines` over every day of questions,
 * `incident_lines` over the log of incidents, `slot_lines` over every day of slots, `recovery_lines` over the log of
 * recoveries and `act_lines` over what people did. A line that cannot be read must not hide the others: no line of ours is such a one.
 */
export const lineViews = (root: string): readonly string[] => [
  viewOfFolder('rejected_lines', root, FOLDERS.rejected),
  viewOfFolder('access_lines', root, FOLDERS.access),
  viewOfFolder('incident_lines', root, FOLDERS.incidents),
  viewOfFolder('slot_lines', root, FOLDERS.slots),
  viewOfFolder('recovery_lines', root, FOLDERS.recovery),
  viewOfFolder('act_lines', root, FOLDERS.acts),
];

function viewOfFolder(name: string, root: string, folder: string): string {
  const path = join(root, folder);
  // DuckDB refuses a glob that finds nothing.
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, 'none.ndjson'), '', { mode: 0o600 });
  return `create or replace view ${name} as
    select line, substr(filename, ${root.length + 2}) as "$path", regexp_extract(filename, 'dt=([0-9-]+)/', 1) as dt
    from read_csv(${quoted(join(path, '**', '*.ndjson'))}, ${ONE_COLUMN}, ignore_errors = true)`;
}
