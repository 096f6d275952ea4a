import { spoolCommand } from '@runledger/client/spool-command';
import { programName } from './io.ts';

/** `runledger spool list|send`: the client's own command. It needs no ledger but the one that the events are for. */
export const spool = (args: readonly string[]): Promise<number> =>
  spoolCommand(args, programName(process.env, process.argv[1]));
