import { queryEngineContract } from '../contracts/query-engine.contract.ts';
import { openAwsLake } from './lake.ts';

queryEngineContract('Athena', async () => (await openAwsLake({ migrated: false })).engine);
