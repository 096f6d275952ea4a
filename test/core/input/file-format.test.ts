import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type FileFormat, formatOf } from '../../../core/input/file-format.ts';

const shown = (format: FileFormat): string => (format.kind === 'other' ? format.is : format.kind);

test.each<readonly [string, Uint8Array]>([
  ['text', Buffer.from('{"a":1}')],
  ['text', Buffer.from('')],
  ['text', Buffer.from('\ufeff{"a":1}')],
  ['text', Buffer.from('\0\0\0\0\0\0\0\0{"a":1}')],
  ['gzip', gzipSync('a')],
  ['zstd', zstdCompressSync('a')],
  ['utf-16le', Buffer.from('\ufeff{"a":1}', 'utf16le')],
  ['utf-16le', Buffer.from('{"a":1}', 'utf16le')],
  ['utf-16be', Buffer.from('\ufeff{"a":1}', 'utf16le').swap16()],
  ['utf-16be', Buffer.from('{"a":1}', 'utf16le').swap16()],
  ['UTF-32 text', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0])],
  ['a bzip2 file', Buffer.from('BZh91AY&SY')],
  ['an xz file', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00])],
  ['a zip archive', Buffer.from('PK\u0003\u0004')],
  ['a tar archive', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar\u000000')])],
  ['a Parquet file', Buffer.from('PAR1\u0015')],
])('%s', (is, head) => {
  expect(shown(formatOf(head))).toBe(is);
});
