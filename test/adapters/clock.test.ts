import { systemClock } from '../../adapters/clock.ts';
import { clockContract } from '../contracts/clock.contract.ts';

clockContract('The clock of this machine', () => systemClock);
