import { rowsOf } from '../core/answer-rows.ts';
import { render } from '../sql/define-query.ts';
import { pipelineNames } from '../sql/queries.ts';
import { askQuestion } from './ask-question.ts';
import type { Context } from './context.ts';
import type { OpenedLedger } from './opened-ledger.ts';

const MOST = 10_000;
/** Over HTTP those of the latest runs are enough: a token may be limited, and then asks questions alone. */
const SINCE = '90d';

/** The names of the pipelines there are, to find the one that was probably meant. */
export async function namesOfPipelines(ledger: OpenedLedger, context: Pick<Context, 'io'>): Promise<readonly string[]> {
  const rows =
    ledger.ask === undefined
      ? rowsOf<{ readonly process_name: string }>(await ledger.query(render(pipelineNames, { limit: MOST })))
      : await askQuestion<{ readonly process_name: string }>(ledger, 'pipelines', { since: SINCE }, context);
  return [...new Set(rows.map(({ process_name }) => process_name))];
}
