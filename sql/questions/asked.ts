import type { AskedParameter } from '../../core/question.ts';
import type { Column } from '../../core/schema/column-type.ts';
import { columnsOfView, pick } from '../columns-of.ts';

/** Where a question looks: what `asked_runs` asks for. */
export const whichRuns = (since: string) =>
  ({
    since: { kind: 'instant', default: since, comment: 'runs that began from then on' },
    environment: { kind: 'text', default: '', comment: 'of this environment alone; empty: of all' },
    owner: { kind: 'text', default: '', comment: 'whose runs; empty: of all' },
    process_name: { kind: 'pattern', default: '*', comment: 'which pipelines; * stands for any text' },
  }) as const satisfies Readonly<Record<string, AskedParameter>>;

export const atMost = (count: number, what: string): AskedParameter => ({
  kind: 'integer',
  default: String(count),
  comment: `at most so many ${what}`,
  between: [1, 100_000],
});

/** Columns of runs, as `current_runs` has them. */
export const ofRuns = (...names: readonly string[]) => pick(columnsOfView('current_runs'), ...names);

export const bigint = (comment: string): Column => ({ type: 'bigint', comment });
export const integer = (comment: string): Column => ({ type: 'integer', comment });
export const double = (comment: string): Column => ({ type: 'double', comment });
export const varchar = (comment: string): Column => ({ type: 'varchar', comment });
export const timestamp = (comment: string): Column => ({ type: 'timestamp', comment });
export const date = (comment: string): Column => ({ type: 'date', comment });

export const day = date('UTC day the runs began');
export const step_name = varchar('the step');
