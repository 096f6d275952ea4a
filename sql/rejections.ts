import type { Columns } from '../core/schema/column-type.ts';
import { VIEWS } from '../core/schema/columns.ts';
import { defineQuery } from './define-query.ts';
import completeKeyText from './queries/complete-rejection-key.sql';
import countText from './queries/count-rejections.sql';
import findText from './queries/find-rejections.sql';
import listText from './queries/list-rejections.sql';
import sizeText from './queries/size-rejections.sql';

const { rejection_key, received_at, kind, explanation, payload, state, decision_reason, decided_by } =
  rejectionColumns();
const whole = {
  ...{ rejection_key, received_at, kind, explanation, payload },
  ...{ state, decision_reason, decided_by },
} satisfies Columns;

/** The latest rejected lines of some kinds and states, with the beginning of each line. */
export const latestRejections = defineQuery({
  name: 'list-rejections',
  text: listText,
  parameters: { kinds: 'texts', states: 'texts', limit: 'integer' },
  columns: whole,
});

/** The keys and sizes of the next 50,000 open rejected lines after one of them, by key. */
export const sizeRejections = defineQuery({
  name: 'size-rejections',
  text: sizeText,
  parameters: { kinds: 'texts', after: 'text' },
  columns: { rejection_key, size: { type: 'bigint', comment: 'characters of the masked line' } },
});

/** The rejected lines with these keys, whole. */
export const findRejections = defineQuery({
  name: 'find-rejections',
  text: findText,
  parameters: { keys: 'texts' },
  columns: whole,
});

/** Whole keys from the beginning of one: two at most, which is enough to see that it is not one only. */
export const completeRejectionKey = defineQuery({
  name: 'complete-rejection-key',
  text: completeKeyText,
  parameters: { start: 'text' },
  columns: { rejection_key },
});

/** How many rejected lines are neither accepted nor dismissed. */
export const openRejections = defineQuery({
  name: 'count-rejections',
  text: countText,
  parameters: {},
  columns: { open: { type: 'bigint', comment: 'rejected lines' } },
});

function rejectionColumns() {
  const view = VIEWS.find((each) => each.name === 'rejections');
  if (view === undefined) throw new Error('expected a view named rejections');
  return view.columns;
}
