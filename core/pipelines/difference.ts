import type { Expectations } from './expectations.ts';

/** What another file would change for a name or a pattern. */
export interface PipelineDifference {
  readonly pattern: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** By setting, as JSON text; undefined: it is not set. */
  readonly settings: readonly { readonly name: string; readonly before?: string; readonly after?: string }[];
}

/** What changes when the second holds instead of the first: each pattern and the defaults, by setting. */
export function differencesOf(before: Expectations, after: Expectations): readonly PipelineDifference[] {
  const patterns = (all: Expectations) => new Map(all.pipelines.map((each) => [each.pattern, each]));
  const [old, now] = [patterns(before), patterns(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const found = names.map((pattern): PipelineDifference => {
    const [a, b] = [old.get(pattern), now.get(pattern)];
    const change = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    return { pattern, change, settings: settingsOf(a, b) };
  });
  const routes = settingsOf(before.routes, after.routes);
  return [
    { pattern: '(every other pipeline)', change: 'changed', settings: settingsOf(before.otherwise, after.otherwise) },
    ...(routes.length === 0 ? [] : [{ pattern: '(routes)', change: 'changed' as const, settings: routes }]),
    ...found,
  ].filter(({ change, settings }) => change !== 'changed' || settings.length > 0) as readonly PipelineDifference[];
}

function settingsOf(a: object | undefined, b: object | undefined): PipelineDifference['settings'] {
  const cells = (each: object | undefined) =>
    new Map(
      Object.entries(each ?? {}).flatMap(([name, value]) =>
        value === undefined || name === 'pattern' || name === 'allowed_since'
          ? []
          : [[name, JSON.stringify(value)] as const],
      ),
    );
  const [old, now] = [cells(a), cells(b)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [before, after] = [old.get(name), now.get(name)];
    if (before === after) return [];
    return { name, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  });
}
