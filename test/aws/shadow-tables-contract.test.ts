import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openShadowTables } from '../../adapters/athena/shadow-tables.ts';
import { systemClock } from '../../adapters/clock.ts';
import { shadowTablesContract } from '../contracts/shadow-tables.contract.ts';
import { openAwsLake } from './lake.ts';

shadowTablesContract('Athena', async () => {
  const { athena, database, bucket, engine } = await openAwsLake();
  return {
    engine,
    openShadowTables: () =>
      openShadowTables({
        client: athena,
        workGroup: 'primary',
        database,
        bucket,
        tryName: randomUUID(),
        clock: systemClock,
        sleep,
        random: Math.random,
      }),
  };
});
