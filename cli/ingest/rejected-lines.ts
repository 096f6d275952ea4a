import * as z from 'zod';
import type { RejectionKind } from '../../core/accept/rejection.ts';
import type { Columns } from '../../core/schema/column-type.ts';
import { VIEWS } from '../../core/schema/columns.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { defineQuery, render } from '../../sql/define-query.ts';
import type { OpenedLedger } from '../ledger.ts';

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
  }),
);
export type ShownRejection = z.infer<typeof rejections>[number];

type Asked = Pick<OpenedLedger, 'query'>;

const columns: Columns = VIEWS.find(({ name }) => name === 'rejections')?.columns ?? {};

const listed = defineQuery({
  name: 'list-rejections',
  text: `-- The latest rejected lines, of some kinds.
select rejection_key, received_at, kind, explanation, substr(payload, 1, 2000) as payload
from rejections
where kind in (:kinds)
order by received_at desc, rejection_key
limit :limit`,
  parameters: { kinds: 'texts', limit: 'integer' },
  columns,
});

const sized = defineQuery({
  name: 'size-rejections',
  text: `-- Which rejected lines there are after one of them, and how long each is.
select rejection_key, length(payload) as size
from rejections
where kind in (:kinds)
  and rejection_key > :after
order by rejection_key
limit 50000`,
  parameters: { kinds: 'texts', after: 'text' },
  columns,
});

const keyed = defineQuery({
  name: 'find-rejections',
  text: `-- The rejected lines with these keys.
select rejection_key, received_at, kind, explanation, payload
from rejections
where rejection_key in (:keys)
order by rejection_key`,
  parameters: { keys: 'texts' },
  columns,
});

const begun = defineQuery({
  name: 'complete-rejection-key',
  text: `-- Which keys begin so.
select rejection_key
from rejections
where substr(rejection_key, 1, length(:start)) = :start
order by rejection_key
limit 2`,
  parameters: { start: 'text' },
  columns,
});

export async function listRejections(
  ledger: Asked,
  kinds: readonly string[],
  limit: number,
): Promise<readonly ShownRejection[]> {
  return rejections.parse(await ask(ledger, listed, { kinds, limit }));
}

export async function rejectionsOf(ledger: Asked, keys: readonly string[]): Promise<readonly ShownRejection[]> {
  return rejections.parse(await ask(ledger, keyed, { keys }));
}

/** The whole keys that begin with that: none, one, or two of many. */
export async function keysBeginning(ledger: Asked, start: string): Promise<readonly string[]> {
  const rows = await ask(ledger, begun, { start: start.toLowerCase() });
  return rows.map(({ rejection_key }) => String(rejection_key));
}

const GROUP_CHARS = 2_000_000;
const GROUP_KEYS = 1_000;

/** Every key of those kinds, in groups whose payloads fit into memory. */
export async function* keyGroups(ledger: Asked, kinds: readonly string[]): AsyncGenerator<readonly string[]> {
  let after = '';
  while (true) {
    const page = await ask(ledger, sized, { kinds, after });
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
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, place) => [name, row[place]])));
}
