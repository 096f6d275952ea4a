import { type CommandSettings, openCommands } from '../adapters/process/restarter.ts';
import { type HttpRestarterSettings, openHttpRestarter } from '../adapters/webhook/restarter.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import type { RestartKind } from '../core/recovery/policy.ts';

/** What a laptop starts runs on. */
export const LAPTOP_RESTART_KINDS: readonly RestartKind[] = ['command', 'http'];

/** What the restart targets of a file stand for on a laptop: its own commands, and whatever takes a request by HTTP. */
export function laptopRestarters(settings: CommandSettings & HttpRestarterSettings): Restarter {
  const commands = openCommands(settings);
  const http = openHttpRestarter(settings);
  return {
    start: (start) => (start.target.http === undefined ? commands : http).start(start),
    // A request leaves no handle: what has one is a command.
    stop: commands.stop,
  };
}
