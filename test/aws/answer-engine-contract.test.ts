import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openAnswerEngine } from '../../adapters/athena/answer-engine.ts';
import { systemClock } from '../../adapters/clock.ts';
import { assertReadOnlyElsewhere } from '../../adapters/duckdb/select-guard.ts';
import { answerEngineContract } from '../contracts/answer-engine.contract.ts';
import { openAwsLake } from './lake.ts';

answerEngineContract('Athena', async () => {
  const { athena, database, bucket } = await openAwsLake();
  return {
    answers: openAnswerEngine({
      client: athena,
      workGroup: 'primary',
      database,
      bucket,
      tryName: randomUUID(),
      clock: systemClock,
      sleep,
      random: Math.random,
      assertReadOnly: assertReadOnlyElsewhere,
    }),
  };
});
