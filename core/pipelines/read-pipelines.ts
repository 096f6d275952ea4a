import type { Holidays } from '../ports/holidays.ts';
import { checkFile } from './check-file.ts';
import { type Expectations, expectationsOf } from './expectations.ts';
import type { Problem } from './problem.ts';
import { readFile } from './read-file.ts';
import { RESTART_KINDS } from './restart-schema.ts';

/** A file of pipelines as it was read. */
export interface ReadPipelines {
  /** Undefined when there is a problem: then the file changes nothing. */
  readonly expectations: Expectations | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads and checks the text of `pipelines.yaml`. Never throws: what is wrong is in the problems.
 * `restartKinds`: what the ledger can start runs on; default: all there are.
 */
export function readPipelines(
  text: string,
  holidays: Holidays,
  restartKinds: readonly string[] = RESTART_KINDS,
): ReadPipelines {
  const { file, problems, placeOf } = readFile(text);
  if (file === undefined) return { expectations: undefined, problems, warnings: [] };
  const findings = checkFile(file, placeOf, (country) => holidays.datesOf(country) !== undefined, restartKinds);
  return {
    ...findings,
    expectations:
      findings.problems.length > 0 ? undefined : expectationsOf(file, (country) => holidays.datesOf(country) ?? []),
  };
}
