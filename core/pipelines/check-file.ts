import { errorMessage } from '../error-message.ts';
import { nearest } from '../nearest.ts';
import { cronTimes } from '../schedule/cron.ts';
import { checkRecovery } from './check-recovery.ts';
import type { PipelineSettings, PipelinesFile } from './file-schema.ts';
import { isPattern, matches, specificity } from './pattern.ts';
import { type Problem, pathShown } from './problem.ts';
import type { ReadFile } from './read-file.ts';
import { RESTART_KINDS } from './restart-schema.ts';

/** What a file says that cannot be meant, or that may not be meant. */
export interface FileFindings {
  /** With one of these the file is not to be used. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Checks what the parts of a file say of each other. `hasHolidays` answers whether a country's holidays are known. */
export function checkFile(
  file: PipelinesFile,
  placeOf: ReadFile['placeOf'],
  hasHolidays: (country: string) => boolean,
  restartKinds: readonly string[] = RESTART_KINDS,
): FileFindings {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const finding = (path: readonly PropertyKey[], message: string): Problem => ({
    ...placeOf(path),
    path: pathShown(path),
    message,
  });
  const wrong = (path: readonly PropertyKey[], message: string) => problems.push(finding(path, message));
  const doubtful = (path: readonly PropertyKey[], message: string) => warnings.push(finding(path, message));
  const known = (path: readonly PropertyKey[], kind: string, name: string, names: readonly string[]) => {
    if (names.includes(name)) return;
    const meant = nearest(name, names);
    const hint =
      meant === undefined
        ? `there ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}`
        : `did you mean ${meant}?`;
    wrong(path, `expected the name of a ${kind} of this file, but got ${JSON.stringify(name)}; ${hint}`);
  };

  const calendars = Object.keys(file.calendars ?? {});
  const routes = Object.keys(file.routes ?? {});
  const pipelines = Object.entries(file.pipelines ?? {});
  for (const [name, { holidays }] of Object.entries(file.calendars ?? {})) {
    if (holidays !== undefined && !hasHolidays(holidays))
      wrong(
        ['calendars', name, 'holidays'],
        `expected the code of a country whose holidays are known, such as SE or US-CA, but got ${JSON.stringify(holidays)}`,
      );
  }
  for (const name of file.defaults?.routes ?? []) known(['defaults', 'routes'], 'route', name, routes);
  for (const [pattern, settings] of pipelines) {
    const at = (...path: string[]) => ['pipelines', pattern, ...path];
    if (settings === null) continue;
    for (const name of settings.routes ?? []) known(at('routes'), 'route', name, routes);
    checkSchedule(settings, file.defaults?.timezone ?? 'UTC', (path, message) => wrong(at(...path), message));
    for (const kind of Object.keys(settings.restart ?? {}))
      if (!restartKinds.includes(kind))
        wrong(
          at('restart', kind),
          `expected a target that this ledger can start runs on (${restartKinds.join(', ') || 'there is none yet'}), but got ${kind}`,
        );
    const { defaults = {} } = file;
    const { timezone: _, start_grace: __, ...inherited } = defaults;
    checkRecovery(
      { ...inherited, ...settings },
      (path, message) => wrong(at(...path), message),
      (path, message) => doubtful(at(...path), message),
    );
    const calendar = settings.schedule?.calendar;
    if (calendar !== undefined) known(at('schedule', 'calendar'), 'calendar', calendar, calendars);
    for (const name of settings.depends_on ?? []) {
      if (isPattern(name))
        wrong(at('depends_on'), `expected the name of one pipeline, but got the pattern ${JSON.stringify(name)}`);
      else if (!pipelines.some(([other]) => other === name || matches(other, name)))
        doubtful(at('depends_on'), `expected the name of a pipeline of this file, but got ${JSON.stringify(name)}`);
    }
    if (isPattern(pattern)) {
      const twin = pipelines.find(
        ([other]) =>
          other < pattern && isPattern(other) && specificity(other) === specificity(pattern) && mayMeet(other, pattern),
      );
      if (twin)
        doubtful(
          at(),
          `a pipeline may match both this pattern and ${twin[0]}, which are equally specific; the first in the file holds`,
        );
    }
  }
  const patterns = pipelines.map(([pattern]) => pattern);
  const cycle = cycleIn(
    new Map(
      pipelines.map(([name, settings]) => [
        name,
        (settings?.depends_on ?? []).map((upstream) => entryOf(patterns, upstream)),
      ]),
    ),
  );
  if (cycle)
    wrong(
      ['pipelines', cycle[0] ?? '', 'depends_on'],
      `expected dependencies without a cycle, but got ${cycle.join(' -> ')}`,
    );
  return { problems, warnings };
}

function checkSchedule(
  settings: PipelineSettings,
  zone: string,
  wrong: (path: string[], message: string) => void,
): void {
  const { schedule, finish_by, records, max_duration, min_duration } = settings;
  if (finish_by !== undefined && schedule === undefined)
    wrong(['finish_by'], 'expected a schedule beside finish_by, but got none: the time to finish by belongs to a slot');
  if (min_duration !== undefined && max_duration !== undefined && min_duration >= max_duration)
    wrong(['min_duration'], 'expected min_duration below max_duration');
  if (records?.minimum !== undefined && records.maximum !== undefined && records.minimum > records.maximum)
    wrong(['records'], `expected minimum at most maximum, but got ${records.minimum} and ${records.maximum}`);
  if (schedule?.every !== undefined && schedule.every < 60_000) wrong(['schedule', 'every'], 'expected at least 1m');
  if (schedule?.cron === undefined) return;
  try {
    cronTimes(schedule.cron, schedule.timezone ?? zone);
  } catch (error) {
    wrong(['schedule', 'cron'], errorMessage(error));
  }
}

/** Whether some name could match both patterns: whether the letters before their first wildcards, and after the last, agree. */
function mayMeet(a: string, b: string): boolean {
  const agree = (one: string, two: string) => one.startsWith(two) || two.startsWith(one);
  const head = (text: string) => text.split(/[*?]/)[0] ?? '';
  const tail = (text: string) => [...(text.split(/[*?]/).at(-1) ?? '')].reverse().join('');
  return agree(head(a), head(b)) && agree(tail(a), tail(b));
}

/** What says what is expected of a name: its own entry, else the most specific pattern; itself when there is none. */
const entryOf = (patterns: readonly string[], name: string): string =>
  patterns
    .filter((pattern) => pattern === name || (isPattern(pattern) && matches(pattern, name)))
    .sort((a, b) => specificity(b) - specificity(a))[0] ?? name;

function cycleIn(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of edges.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
