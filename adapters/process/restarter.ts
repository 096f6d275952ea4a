import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { errorMessage } from '../../core/error-message.ts';
import type { Restarter, Start, Started } from '../../core/ports/restarter.ts';
import type { EndedCommand } from '../../core/recovery/ended-command.ts';
import { startEnvironment } from '../../core/recovery/start-environment.ts';
import { identityOf, isGroupAlive, isSameProcess, type ProcessIdentity } from './process-group.ts';

export interface CommandSettings {
  /** Where the output of each command is kept. */
  readonly outputFolder: string;
  /** What paths and programs are relative to: the folder of `pipelines.yaml`. */
  readonly folder: string;
  /** The environment of the ledger. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a client needs to reach this ledger: `RUNLEDGER_URL` and, where one is needed, `RUNLEDGER_TOKEN`. */
  readonly reach: () => Readonly<Record<string, string>>;
  /** Called when a command ends while this process lives. */
  readonly onEnd?: ((ended: EndedCommand) => void) | undefined;
  readonly pause?: (ms: number) => Promise<unknown>;
  /** How long a command may take to end by itself once it is asked to. */
  readonly graceMs?: number;
}

const GRACE_MS = 10_000;
const KILL_WAIT_MS = 5_000;
const POLL_MS = 50;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * Starts commands on this machine, each in a process group of its own, so that it outlives the ledger and is stopped with
 * everything it started. No shell reads the command: its words are the program and its arguments.
 */
export function openCommands(settings: CommandSettings): Restarter {
  const { pause = setTimeout, graceMs = GRACE_MS } = settings;
  const isGone = async (pgid: number, withinMs: number): Promise<boolean> => {
    for (let leftMs = withinMs; ; leftMs -= POLL_MS) {
      if (!(await isGroupAlive(pgid))) return true;
      if (leftMs <= 0) return false;
      await pause(POLL_MS);
    }
  };
  return {
    start: (start) => startCommand(settings, start),
    async stop(handle) {
      const identity = identityIn(handle);
      if (identity === undefined)
        return { state: 'not_stopped', why: `expected a process, but got ${handle.slice(0, 80)}` };
      const { pid } = identity;
      // The id may be another process's by now.
      if (!(await isSameProcess(identity))) {
        if ((await identityOf(pid)) !== undefined || !(await isGroupAlive(pid))) return { state: 'gone' };
        const why = `process ${pid} ended, and the processes of its group are not certainly its own`;
        return { state: 'not_stopped', why: `${why}: end them by hand` };
      }
      try {
        process.kill(-pid, 'SIGTERM');
        if (await isGone(pid, graceMs)) return { state: 'stopped', how: `process group ${pid} ended after SIGTERM` };
        process.kill(-pid, 'SIGKILL');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ESRCH')
          return { state: 'stopped', how: `process group ${pid} ended after SIGTERM` };
        return { state: 'not_stopped', why: `expected to end process group ${pid}, got ${errorMessage(error)}` };
      }
      if (await isGone(pid, KILL_WAIT_MS)) return { state: 'stopped', how: `process group ${pid} ended after SIGKILL` };
      return { state: 'not_stopped', why: `expected process group ${pid} to end after SIGKILL, but it is still there` };
    },
  };
}

async function startCommand(settings: CommandSettings, start: Start): Promise<Started> {
  const { command } = start.target;
  if (command === undefined)
    return { state: 'not_started', why: 'expected a command to start, but got another target' };
  const [program = '', ...args] = command.run;
  const folder = resolve(settings.folder, command.folder ?? '.');
  const output = join(settings.outputFolder, `${fileName(start.run.run_id)}.log`);
  let file: number | undefined;
  try {
    mkdirSync(settings.outputFolder, { recursive: true, mode: PRIVATE_FOLDER });
    file = openSync(output, 'a', PRIVATE_FILE);
    const { RUNLEDGER_RUN: _, ...env } = settings.env;
    const begunAt = performance.now();
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...env, ...settings.reach(), ...startEnvironment(start) },
      detached: true,
      stdio: ['ignore', file, file],
    });
    const pid = await new Promise<number>((started, failed) => {
      child.once('error', failed);
      child.once('spawn', () => started(child.pid ?? 0));
    });
    child.once('exit', (exit_code, signal) => {
      const took_ms = Math.round(performance.now() - begunAt);
      settings.onEnd?.({ start, exit_code, signal, took_ms, output });
    });
    child.unref();
    const identity = await identityOf(pid);
    // One that has ended already is known by its id alone: there is nothing to stop.
    const handle = identity === undefined ? undefined : JSON.stringify(identity);
    return { state: 'started', ...(handle !== undefined && { handle }), detail: `process ${pid}, output in ${output}` };
  } catch (error) {
    const words = JSON.stringify(command.run.join(' ')).slice(0, 200);
    return { state: 'not_started', why: `expected to start ${words} in ${folder}, got ${errorMessage(error)}` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function identityIn(handle: string): ProcessIdentity | undefined {
  try {
    const { pid, started } = JSON.parse(handle) as Partial<ProcessIdentity>;
    return Number.isSafeInteger(pid) && Number(pid) > 1 && typeof started === 'string'
      ? { pid: Number(pid), started }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Ids are anybody's text. */
const fileName = (run_id: string): string =>
  encodeURIComponent(run_id.toWellFormed()).replace(/^\./, '%2E').slice(0, 200);
