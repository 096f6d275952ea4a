import * as z from 'zod';
import type { RejectionKind } from '../../core/accept/rejection.ts';
import type { Columns } from '../../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import {
  completeRejectionKey,
  findRejections,
  latestRejections,
  openRejections,
  sizeRejections,
} from '../../sql/rejections.ts';
import type { OpenedLedger } from '../opened-ledger.ts';

/** Why a line was rejected, as people choose it. */
export const REJECTION_KINDS = [
  'not_json',
  'not_an_object',
  'missing_identity',
  'says_nothing',
  'too_large',
] as const satisfies readonly RejectionKind[];

const rejections = z.array(
  z.object({
    rejection_key: z.string(),
    received_at: z.string(),
    kind: z.string(),
    explanation: z.string(),
    payload: z.string(),
    state: z.string(),
    decision_reason: z.string().nullable(),
    decided_by: z.string().nullable(),
  }),
);
export type ShownRejection = z.infer<typeof rejections>[number];

type Asked = Pick<OpenedLedger, 'query'>;

/** Rejections that wait for somebody, and what becomes of others. */
const OPEN = ['open'] as const;
const STATES = [...OPEN, 'accepted', 'dismissed'] as const;

/** The latest rejected lines of those kinds, each with the beginning of its line; those that are open, or all. */
export async function listRejections(
  ledger: Asked,
  { kinds, limit, all }: { readonly kinds: readonly string[]; readonly limit: number; readonly all: boolean },
): Promise<readonly ShownRejection[]> {
  return rejections.parse(await ask(ledger, latestRejections, { kinds, limit, states: all ? STATES : OPEN }));
}

/** The rejected lines with those keys, whole, by key. */
export async function rejectionsOf(ledger: Asked, keys: readonly string[]): Promise<readonly ShownRejection[]> {
  return rejections.parse(await ask(ledger, findRejections, { keys }));
}

/** The whole keys that begin with that: none, one, or two of many. */
export async function keysBeginning(ledger: Asked, start: string): Promise<readonly string[]> {
  const rows = await ask(ledger, completeRejectionKey, { start: start.toLowerCase() });
  return rows.map(({ rejection_key }) => String(rejection_key));
}

const GROUP_CHARS = 2_000_000;
const GROUP_KEYS = 1_000;

/** How many rejected lines are open. */
export async function openRejectionCount(ledger: Asked): Promise<number> {
  const [row] = await ask(ledger, openRejections, {});
  return Number(row?.open ?? 0);
}

/** Every key of open rejections of those kinds, in groups whose payloads fit into memory. */
export async function* keyGroups(ledger: Asked, kinds: readonly string[]): AsyncGenerator<readonly string[]> {
  let after = '';
  while (true) {
    const page = await ask(ledger, sizeRejections, { kinds, after });
    yield* grouped(page.map(({ rejection_key, size }) => ({ key: String(rejection_key), size: Number(size) })));
    const last = page.at(-1);
    if (last === undefined) return;
    after = String(last.rejection_key);
  }
}

function* grouped(sizes: readonly { readonly key: string; readonly size: number }[]): Generator<readonly string[]> {
  let keys: string[] = [];
  let chars = 0;
  for (const { key, size } of sizes) {
    if (keys.length > 0 && (chars + size > GROUP_CHARS || keys.length === GROUP_KEYS)) {
      yield keys;
      keys = [];
      chars = 0;
    }
    keys.push(key);
    chars += size;
  }
  if (keys.length > 0) yield keys;
}

/** The rows of a query as objects. */
async function ask<P extends Parameters>(
  ledger: Asked,
  query: Query<P, Columns>,
  values: Arguments<P>,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { columns, rows } = await ledger.query(render(query, values));
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}
