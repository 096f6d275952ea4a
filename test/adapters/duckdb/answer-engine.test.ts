import { answerEngine } from '../../../adapters/duckdb/answer-engine.ts';
import { openTestLake } from '../../agreement/lake.ts';
import { answerEngineContract } from '../../contracts/answer-engine.contract.ts';

answerEngineContract(
  'DuckDB',
  async () => {
    const lake = await openTestLake();
    return { answers: answerEngine(lake.database), close: lake.close };
  },
  { endless: 'select count(*) from range(10000000) as a cross join range(10000000) as b' },
);
