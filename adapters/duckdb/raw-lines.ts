import { join } from 'node:path';
import { FOLDERS } from '../../core/object-keys.ts';
import { quoted } from './quoted.ts';

/** A line is one column: no byte that JSON text can hold separates anything. */
const ONE_COLUMN =
  "auto_detect = false, header = false, delim = '\\x01', quote = '', escape = '', comment = '', columns = {'line': 'varchar'}, max_line_size = 2097152, filename = true, hive_partitioning = false, strict_mode = false";

/** The view `raw_lines` over exactly these objects: what Athena's partition projection and `"$path"` do there. */
export function rawLinesView(root: string, objects: readonly string[]): string {
  const select = `select line, substr(filename, ${root.length + 2}) as "$path",
    regexp_extract(filename, 'dt=([0-9-]+)/hh=', 1) as dt, regexp_extract(filename, '/hh=([0-9]+)/', 1) as hh`;
  const source =
    objects.length === 0
      ? "(select cast(null as varchar) as line, '' as filename where false)"
      : `read_csv([${objects.map((object) => quoted(join(root, object))).join(', ')}], ${ONE_COLUMN})`;
  return `create or replace temp view raw_lines as ${select} from ${source}`;
}

/** The view `rejected_lines` over every sealed file of rejections. The caller keeps a `none.ndjson` there, because a glob must find a file. */
export function rejectedLinesView(root: string): string {
  return `create or replace view rejected_lines as
    select line, substr(filename, ${root.length + 2}) as "$path"
    from read_csv(${quoted(join(root, FOLDERS.rejected, '**', '*.ndjson'))}, ${ONE_COLUMN})`;
}
