import type { Start } from '../ports/restarter.ts';
import { startEnvironment } from './start-environment.ts';

/*
 * How a run is told to a target, one function for each form in which a target takes it. The names of arguments, variables
 * and parameters are those of `startEnvironment` everywhere.
 */

/** As a message tells it. What says nothing is null. */
export const startFacts = ({ environment, process_name, run }: Start) => ({
  ...{ pipeline: process_name, environment },
  ...{ run_id: run.run_id, run_attempt: run.run_attempt, run_mode: run.run_mode },
  ...{ parent_run_id: run.parent_run_id ?? null, root_run_id: run.root_run_id, from_step: run.from_step ?? null },
  ...{ scheduled_for: run.scheduled_for ?? null, params: run.params },
});

/** As the variables of a container. */
export const startVariables = (start: Start): { readonly name: string; readonly value: string }[] =>
  Object.entries(startEnvironment(start)).map(([name, value]) => ({ name, value }));

/**
 * As named arguments, `--name value`, over those of the file. A parameter of the run is an argument of its own name;
 * `taken` are those that the platform takes in another way.
 */
export function startArguments(
  start: Start,
  own: Readonly<Record<string, string>> = {},
  taken: readonly string[] = [],
): Record<string, string> {
  const named = Object.entries({ ...paramsBut(start, taken), ...startEnvironment(start) });
  return { ...dashed(Object.entries(own)), ...dashed(named) };
}

const dashed = (entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(entries.map(([name, value]) => [name.startsWith('--') ? name : `--${name}`, value]));

/**
 * As a JSON object: that of the file, and the run under `runledger`. A parameter replaces what has its name in the file's,
 * as a number where that is one.
 */
export function startInput(start: Start, own: Readonly<Record<string, unknown>> = {}): string {
  const changed = Object.entries(start.run.params).flatMap(([name, value]) =>
    Object.hasOwn(own, name) ? [[name, typeof own[name] === 'number' ? Number(value) : value] as const] : [],
  );
  return JSON.stringify({ ...own, ...Object.fromEntries(changed), runledger: startFacts(start) });
}

/**
 * As properties of Spark on EMR Serverless: the environment of the driver and of its executors. Parameters named `spark.…`
 * are properties themselves.
 */
export const sparkProperties = (start: Start): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(start.run.params).filter(([name]) => name.startsWith('spark.'))),
  ...Object.fromEntries(
    Object.entries(startEnvironment(start)).flatMap(([name, value]) => [
      [`spark.emr-serverless.driverEnv.${name}`, value],
      [`spark.executorEnv.${name}`, value],
    ]),
  ),
});

/** The parameters of the run without these. */
const paramsBut = ({ run }: Start, taken: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(run.params).filter(([name]) => !taken.includes(name)));

/** One parameter of the run as a number; undefined when the run has none of that name. */
export const numberParam = ({ run }: Start, name: string): number | undefined =>
  run.params[name] === undefined ? undefined : Number(run.params[name]);

/**
 * The name of the run where its target lets nobody use one twice: the same for the same run, 1 to 60 letters, digits,
 * hyphens and underscores, none of them first, with the beginning of its id for people.
 */
export function startName({ environment, process_name, run }: Start, hash: (text: string) => string): string {
  const readable =
    run.run_id
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+/, '')
      .slice(0, 27) || 'run';
  return `${readable}-${hash(JSON.stringify(['restart', environment, process_name, run.run_id])).slice(0, 32)}`;
}
