import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorMessage } from '../../core/error-message.ts';
import { HttpError } from './http-error.ts';

const inflate = promisify(gunzip);

/**
 * Reads a request's body whole, gunzipped when it is gzip. Never holds more than `maxBytes` of what was sent nor of what
 * it inflates to. Throws `HttpError` when there is more, when it ends early, or when its encoding cannot be read.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (!['identity', 'gzip', 'x-gzip', ''].includes(encoding)) {
    throw new HttpError(
      415,
      'unsupported_encoding',
      `expected a body that is plain or gzip, but got Content-Encoding ${encoding.slice(0, 40)}; send it as gzip`,
    );
  }
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes, `${declared} bytes`);
  const sent = await readSent(request, maxBytes, declared);
  if (sent.length === 0) return sent;
  let body = encoding.endsWith('gzip') ? await unzipped(sent, maxBytes) : sent;
  // Log shippers post .gz files without saying so, and pack what is packed. Neither JSON nor base64 begins like this.
  for (let times = 0; isGzip(body) && times < MAX_PACKED; times++) body = await unzipped(body, maxBytes);
  return body;
}

/** How often a body may be packed beside its declared encoding. */
const MAX_PACKED = 2;

const isGzip = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b;

async function readSent(request: Request, maxBytes: number, declared: number): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const reader = request.body.getReader();
  while (true) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw incomplete(declared, sizeBytes, cause);
    });
    if (done) return Buffer.concat(chunks, sizeBytes);
    sizeBytes += value.length;
    if (sizeBytes > maxBytes) {
      await reader.cancel();
      throw tooLarge(maxBytes, 'more');
    }
    chunks.push(value);
  }
}

async function unzipped(sent: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await inflate(sent, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(maxBytes, 'more once it was gunzipped');
    const why = errorMessage(cause);
    throw new HttpError(
      400,
      'damaged_body',
      `expected a gzip body, but it cannot be gunzipped (${why}); send it again`,
    );
  }
}

function tooLarge(maxBytes: number, got: string): HttpError {
  const limit = sizeShown(maxBytes);
  return new HttpError(
    413,
    'too_large',
    `expected a body of at most ${limit}, but got ${got}; send it in smaller parts`,
  );
}

function sizeShown(sizeBytes: number): string {
  const [size, unit] = [
    [sizeBytes / 1024 / 1024, 'MiB'],
    [sizeBytes / 1024, 'KiB'],
  ].find(([count]) => Number.isInteger(count)) ?? [sizeBytes, 'bytes'];
  return `${size} ${unit}`;
}

function incomplete(declared: number, sizeBytes: number, cause: unknown): HttpError {
  const expected = declared > 0 ? `a body of ${declared} bytes` : 'a whole body';
  const message = `expected ${expected}, but it ended after ${sizeBytes}; nothing was taken, send it again`;
  return Object.assign(new HttpError(400, 'incomplete_body', message), { cause });
}
