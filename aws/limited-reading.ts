import type { LimitedApiPorts } from '../adapters/http/api.ts';
import type { QuestionText } from '../adapters/http/billed-questions.ts';
import type { LimitedTo } from '../adapters/http/theirs.ts';
import type { Price } from '../core/prices/price.ts';
import type { LedgerApi } from '../ledger/api.ts';
import { limitedAnswers } from '../ledger/limited-ledger.ts';
import { limitedQuestionText } from '../sql/limited-question.ts';
import type { Owned } from './limited.ts';

/** What the holders of limited tokens read, by their limits: the page sends nothing, and asks questions where they are billed. */
export function limitedReading(
  ledger: Pick<LedgerApi, 'runs' | 'show' | 'alerts'>,
  { ownerOf, expectations }: Owned,
  prices?: () => readonly Price[],
): { readonly api: LimitedTo<LimitedApiPorts>; readonly text: LimitedTo<QuestionText> } {
  const elsewhere = async (): Promise<never> => {
    throw new Error('expected that events and questions take their own ways');
  };
  return {
    api: (limits) => limitedAnswers(ledger, { limits, ownerOf, sink: { send: elsewhere }, ask: elsewhere }),
    text: (limits) => async (name, given, asOf) =>
      limitedQuestionText({ limits, expectations: await expectations(), dialect: 'trino' }, name, given, asOf, prices),
  };
}
