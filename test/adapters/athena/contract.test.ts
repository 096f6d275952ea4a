import { setTimeout as sleep } from 'node:timers/promises';
import { openAnswerEngine } from '../../../adapters/athena/answer-engine.ts';
import { systemClock } from '../../../adapters/clock.ts';
import { assertReadOnlyElsewhere } from '../../../adapters/duckdb/select-guard.ts';
import { openTestLake } from '../../agreement/lake.ts';
import { answerEngineContract } from '../../contracts/answer-engine.contract.ts';
import { duckdbAthena } from './duckdb-athena.ts';

answerEngineContract(
  'Athena (over DuckDB)',
  async () => {
    const lake = await openTestLake();
    return {
      answers: openAnswerEngine({
        client: duckdbAthena(lake.database),
        workGroup: 'ledger',
        database: 'ledger_db',
        bucket: 'ledger-bucket',
        tryName: 'request-1',
        clock: systemClock,
        sleep: async (delayMs) => {
          await sleep(delayMs);
        },
        random: Math.random,
        assertReadOnly: assertReadOnlyElsewhere,
      }),
      close: lake.close,
    };
  },
  { endless: 'select count(*) from range(10000000) as a cross join range(10000000) as b' },
);
