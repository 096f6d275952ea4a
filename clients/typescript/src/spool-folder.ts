import { accessSync, constants, existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { absolutePath } from './absolute-path.ts';
import { isOff, textFrom } from './environment.ts';
import type { Runtime } from './runtime.ts';

/** The folder of what could not be sent; undefined: there is none. `given`: the option. */
export function spoolFolder(
  given: string | false | undefined,
  hasOwnTransports: boolean,
  runtime: Runtime,
): string | undefined {
  if (given === false) return undefined;
  if (given !== undefined) return absolutePath(given);
  const told = runtime.env('RUNLEDGER_SPOOL');
  if (told !== undefined) return isOff(told) ? undefined : absolutePath(told.trim());
  // A transport of the host's own may have no name that is the same the next time.
  return hasOwnTransports ? undefined : defaultFolder(runtime);
}

/** Where state belongs that no user looks at; the temporary folder where there is no home. */
function defaultFolder(runtime: Runtime): string {
  const state = textFrom(runtime, 'XDG_STATE_HOME') ?? join(homedir(), '.local', 'state');
  const folder = join(state, 'runledger', 'spool');
  if (isAbsolute(folder) && mayBeMade(folder)) return folder;
  return join(tmpdir(), `runledger-spool-${process.getuid?.() ?? 'user'}`);
}

function mayBeMade(folder: string): boolean {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
