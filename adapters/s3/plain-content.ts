import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorMessage } from '../../core/error-message.ts';
import { CorruptObjectError } from '../../core/ports/object-store.ts';

const unpack = promisify(gunzip);

/**
 * The content itself, unpacked when its first bytes are those of gzip (RFC 1952): names promise nothing, because a
 * stream may compress without a suffix, and a copy may unpack and keep the name. Several members are read as one. Throws
 * `CorruptObjectError` when it does not unpack, or to more than `maxBytes`.
 */
export async function plainContent(content: Uint8Array, name: string, maxBytes: number): Promise<Uint8Array> {
  if (!isGzip(content)) return content;
  try {
    return await unpack(content, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new CorruptObjectError(
      tooLarge
        ? `Expected ${name} to hold at most ${maxBytes} bytes when unpacked, got more. Split it, or allow more.`
        : `Expected ${name} to be whole gzip, as its first bytes say, got ${errorMessage(
            error,
          )}. Restore it from where it came, or remove it.`,
      { cause: error },
    );
  }
}

/** 1f 8b, and 08 for deflate, the only method there is. */
const isGzip = (content: Uint8Array): boolean =>
  content.length >= 3 && content[0] === 0x1f && content[1] === 0x8b && content[2] === 0x08;
