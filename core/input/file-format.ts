/** What the first bytes say a file is. */
export type FileFormat =
  | { readonly kind: 'text' | 'gzip' | 'zstd' | 'utf-16le' | 'utf-16be' }
  /** Cannot be read: what it is, and what to do with it. */
  | { readonly kind: 'other'; readonly is: string; readonly todo: string };

/** So many first bytes tell every format but text, unless the file is shorter. */
export const FORMAT_BYTES = 512;

/** Formats by their first bytes, as their specifications give them. `at` is where they stand; default 0. */
const SIGNATURES: readonly {
  readonly bytes: string | readonly number[];
  readonly at?: number;
  readonly format: FileFormat;
}[] = [
  { bytes: [0x1f, 0x8b], format: { kind: 'gzip' } },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], format: { kind: 'zstd' } },
  { bytes: 'BZh', format: other('a bzip2 file', 'unpack it: bzcat FILE | runledger ingest -') },
  {
    bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    format: other('an xz file', 'unpack it: xzcat FILE | runledger ingest -'),
  },
  { bytes: [0x04, 0x22, 0x4d, 0x18], format: other('an lz4 file', 'unpack it: lz4cat FILE | runledger ingest -') },
  { bytes: 'PK\x03\x04', format: other('a zip archive', 'unpack it: unzip -p FILE | runledger ingest -') },
  { bytes: '7z\xbc\xaf\x27\x1c', format: other('a 7z archive', 'unpack it: 7z x -so FILE | runledger ingest -') },
  { bytes: 'ustar', at: 257, format: other('a tar archive', 'unpack it: tar -xOf FILE | runledger ingest -') },
  {
    bytes: [0xff, 0xfe, 0x00, 0x00],
    format: other('UTF-32 text', 'convert it: iconv -f UTF-32 -t UTF-8 FILE | runledger ingest -'),
  },
  { bytes: [0xff, 0xfe], format: { kind: 'utf-16le' } },
  { bytes: [0xfe, 0xff], format: { kind: 'utf-16be' } },
  {
    bytes: 'PAR1',
    format: other('a Parquet file', "convert its rows to NDJSON, with DuckDB: copy (from FILE) to 'rows.ndjson'"),
  },
  { bytes: 'ORC', format: other('an ORC file', 'convert its rows to NDJSON') },
  { bytes: 'Obj\x01', format: other('an Avro file', 'convert it to NDJSON: avro-tools tojson FILE') },
  { bytes: 'SQLite format 3\0', format: other('an SQLite database', 'export its rows as NDJSON or CSV') },
  { bytes: '%PDF-', format: other('a PDF document', 'send NDJSON') },
];

/** Tells the format of a file by its first bytes: `FORMAT_BYTES` of them or more, or the whole file. */
export function formatOf(head: Uint8Array): FileFormat {
  const signature = SIGNATURES.find(({ bytes, at = 0 }) => stands(bytes, head, at));
  return signature?.format ?? utf16WithoutMark(head) ?? { kind: 'text' };
}

function stands(bytes: string | readonly number[], head: Uint8Array, at: number): boolean {
  const wanted = typeof bytes === 'string' ? [...bytes].map((char) => char.charCodeAt(0)) : bytes;
  return wanted.every((byte, index) => head[at + index] === byte);
}

/** JSON and CSV begin with ASCII, whose UTF-16 has a zero in every other byte. */
function utf16WithoutMark(head: Uint8Array): FileFormat | undefined {
  const pairs = Math.min(head.length, 32) >> 1;
  if (pairs < 2) return undefined;
  const zerosAt = (offset: 0 | 1): boolean =>
    Array.from(
      { length: pairs },
      (_, pair) => head[pair * 2 + offset] === 0 && head[pair * 2 + 1 - offset] !== 0,
    ).every(Boolean);
  if (zerosAt(1)) return { kind: 'utf-16le' };
  return zerosAt(0) ? { kind: 'utf-16be' } : undefined;
}

function other(is: string, todo: string): FileFormat {
  return { kind: 'other', is, todo };
}
