import { setTimeout as sleep } from 'node:timers/promises';

export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
}

/** A cell as Trino wrote it: numbers stay text, so that no digit is lost. */
export type TrinoCell = string | boolean | null | readonly TrinoCell[] | { readonly [name: string]: TrinoCell };

export interface TrinoAnswer {
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly TrinoCell[])[];
  readonly updateType: string | undefined;
  readonly updateCount: number | undefined;
  readonly scannedBytes: number;
}

export type TrinoErrorKind = 'USER_ERROR' | 'INTERNAL_ERROR' | 'INSUFFICIENT_RESOURCES' | 'EXTERNAL';

export class TrinoError extends Error {
  override readonly name = 'TrinoError';
  /** `SYNTAX_ERROR`, `ICEBERG_COMMIT_ERROR`, … */
  readonly code: string;
  readonly kind: TrinoErrorKind;

  constructor(code: string, kind: TrinoErrorKind, message: string) {
    super(message);
    this.code = code;
    this.kind = kind;
  }
}

export interface TrinoSession {
  readonly url: string;
  readonly schema: string;
  /** Ends the statement on Trino, too. */
  readonly signal: AbortSignal;
  /** Told the bytes read so far. */
  readonly onProgress: (scannedBytes: number) => void;
}

/** Runs one statement over Trino's REST protocol, to its end. */
export async function runOnTrino(sql: string, session: TrinoSession): Promise<TrinoAnswer> {
  const headers = {
    'X-Trino-User': 'athena',
    'X-Trino-Catalog': 'awsdatacatalog',
    'X-Trino-Schema': session.schema,
    'X-Trino-Time-Zone': 'UTC',
    // Without it, timestamps are rounded to milliseconds.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  let page = await fetchPage(`${session.url}/v1/statement`, { method: 'POST', body: sql, headers });
  let columns: readonly TrinoColumn[] = [];
  const rows: (readonly TrinoCell[])[] = [];
  for (;;) {
    columns = page.columns ?? columns;
    for (const row of page.data ?? []) rows.push(row);
    const scannedBytes = Number(page.stats.physicalInputBytes ?? 0);
    session.onProgress(scannedBytes);
    if (page.error) throw new TrinoError(page.error.errorName, page.error.errorType, page.error.message);
    if (page.nextUri === undefined) {
      const updateCount = page.updateCount === undefined ? undefined : Number(page.updateCount);
      return { columns, rows, updateType: page.updateType, updateCount, scannedBytes };
    }
    if (session.signal.aborted) {
      await fetch(page.nextUri, { method: 'DELETE', headers });
      throw new TrinoError('USER_CANCELED', 'USER_ERROR', 'Query was canceled');
    }
    page = await fetchPage(page.nextUri, { headers });
  }
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly TrinoColumn[];
  readonly data?: readonly (readonly TrinoCell[])[];
  readonly updateType?: string;
  readonly updateCount?: string;
  readonly stats: { readonly physicalInputBytes?: string };
  readonly error?: { readonly errorName: string; readonly errorType: TrinoErrorKind; readonly message: string };
}

async function fetchPage(url: string, init: RequestInit): Promise<Page> {
  for (;;) {
    const response = await fetch(url, init);
    if (response.ok) return parseKeepingDigits(await response.text()) as Page;
    // "If the client request returns an HTTP 502, 503, or 504 …, the client should wait 50-100 ms" (Trino's REST guide).
    if (![502, 503, 504].includes(response.status)) {
      throw new Error(`Trino answered ${response.status}: ${await response.text()}`);
    }
    await sleep(75);
  }
}

/** JSON whose numbers are their own text: a bigint can be larger than JavaScript counts. */
const parseKeepingDigits = (text: string): unknown =>
  JSON.parse(text, (_, value, context?: { readonly source?: string }) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value,
  );
