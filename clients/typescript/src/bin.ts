#!/usr/bin/env node
import { spoolCommand } from './spool-command.ts';

/** `npx @runledger/client spool list|send` */
const [command, ...args] = process.argv.slice(2);
process.exitCode = await spoolCommand(command === 'spool' ? args : [], 'runledger-client');
