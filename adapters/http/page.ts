import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Context, Handler } from 'hono';
import { errorMessage } from '../../core/error-message.ts';
import { HttpError } from './http-error.ts';

/** A file of the page, ready to be sent. */
interface PageFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
}

/** The page for people, as it was built: one document, and the files that it loads. */
export interface Page {
  readonly index: PageFile;
  /** By name; each name holds a hash of the content. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

/**
 * The page loads its own files and asks this server alone, runs no inline script, and no page may frame it. What producers
 * sent is shown as text: even where that failed, nothing of it would run.
 */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Reads a built page whole: it is small, and later changes of the folder must not mix two builds. */
export function readPage(folder: string): Page {
  try {
    const fileAt = (path: string): PageFile => {
      const body = new Uint8Array(readFileSync(path));
      return {
        type: TYPES[extname(path)] ?? 'application/octet-stream',
        body,
        gzipped: new Uint8Array(gzipSync(body)),
      };
    };
    const assets = readdirSync(join(folder, 'assets'));
    return {
      index: fileAt(join(folder, 'index.html')),
      assets: new Map(assets.map((name) => [name, fileAt(join(folder, 'assets', name))])),
    };
  } catch (cause) {
    throw new Error(
      `cannot read the page in ${folder} (${errorMessage(cause)}); in a clone, build it with \`npm run build\``,
      { cause },
    );
  }
}

/** Where the build left the page: beside the bundled program or function, and for the sources of a clone in its `dist`. */
export function pageFolder(): string {
  const [bundled, built] = ['dashboard', '../../dist/dashboard'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return bundled !== undefined && existsSync(bundled) ? bundled : (built ?? '');
}

/** The document, at every address of the page: which view it shows, it finds out by itself. */
export const pageIndex =
  (page: Page): Handler =>
  (c) =>
    send(c, page.index, { 'content-security-policy': CONTENT_SECURITY_POLICY });

const FOREVER = 'public, max-age=31536000, immutable';

/** GET /assets/:name. A name stands for one content, so browsers keep it. */
export const pageAsset =
  (page: Page): Handler =>
  (c) => {
    const name = c.req.param('name') ?? '';
    const file = page.assets.get(name);
    if (file === undefined) {
      const message = `there is no file ${name.slice(0, 100)} of this version of the page; load the page again`;
      throw new HttpError(404, 'not_found', message);
    }
    return send(c, file, { 'cache-control': FOREVER });
  };

function send(c: Context, { type, body, gzipped }: PageFile, headers: Readonly<Record<string, string>>): Response {
  const takesGzip = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
  return c.body(takesGzip ? gzipped : body, 200, {
    ...headers,
    'content-type': type,
    vary: 'accept-encoding',
    ...(takesGzip && { 'content-encoding': 'gzip' }),
  });
}
