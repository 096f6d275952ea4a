import type { Instant } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { Route } from '../pipelines/file-schema.ts';
import { matches } from '../pipelines/pattern.ts';
import { dayBefore, weekdayOf } from '../schedule/calendar.ts';
import { wallTimeOf } from '../schedule/zone.ts';
import { asOf, type Told } from './as-of.ts';
import type { Severity } from './condition.ts';

/**
 * The names of the routes that a change of an incident goes, those that the pipeline names first. A route's own conditions
 * always hold. Beside the routes that a pipeline names go those that have conditions, so that `severities: [P1]` pages
 * for every pipeline; where it names none, every route does. A pure function of its arguments: it does not change while a
 * notice waits.
 */
export function routesOf(
  routes: Readonly<Record<string, Route>>,
  expectation: Pick<Expectation, 'routes' | 'owner' | 'schedule'>,
  told: Told,
): readonly string[] {
  const named = expectation.routes.filter((name) => routes[name] !== undefined);
  const others = Object.entries(routes).flatMap(([name, route]) =>
    !named.includes(name) && (named.length === 0 || hasConditions(route)) ? [name] : [],
  );
  return [...named, ...others].filter((name) => {
    const route = routes[name];
    return route !== undefined && takes(route, expectation, told);
  });
}

/** Where a change goes that none of its routes took: every other route of its environment, in the order of the file. */
export function fallbacksOf(
  routes: Readonly<Record<string, Route>>,
  expectation: Pick<Expectation, 'routes' | 'owner' | 'schedule'>,
  told: Told,
): readonly string[] {
  const own = routesOf(routes, expectation, told);
  const { environment } = told.incident;
  return Object.entries(routes).flatMap(([name, { environments }]) =>
    own.includes(name) || environments?.some((pattern) => matches(pattern, environment)) === false ? [] : [name],
  );
}

const hasConditions = ({ severities, environments, owners, pipelines, hours }: Route): boolean =>
  [severities, environments, owners, pipelines, hours].some((each) => each !== undefined);

function takes(
  { severities, environments, owners, pipelines, hours }: Route,
  { owner = '', schedule }: Pick<Expectation, 'owner' | 'schedule'>,
  told: Told,
): boolean {
  const { environment, process_name } = told.incident;
  const isOneOf = (patterns: readonly string[] | undefined, name: string): boolean =>
    patterns === undefined || patterns.some((pattern) => matches(pattern, name));
  const zone = schedule?.timezone ?? 'UTC';
  return (
    isOneOf(environments, environment) &&
    isOneOf(owners, owner) &&
    isOneOf(pipelines, process_name) &&
    momentsOf(told).some(
      ({ severity, at }) =>
        (severities === undefined || severities.includes(severity)) &&
        (hours === undefined || isWithin(hours, at, zone)),
    )
  );
}

/**
 * When and how grave. That somebody looks after an incident, or that it is over, goes wherever any of it may have gone:
 * who was woken by it is told that it has ended, also outside of their hours.
 */
function momentsOf(told: Told): readonly { readonly severity: Severity; readonly at: Instant }[] {
  const { severity, reasons, notified_at } = asOf(told);
  const { kind, at } = told.change;
  if (kind === 'opened' || kind === 'upgraded') return [{ severity, at }];
  const severities = [severity, ...reasons.map((each) => each.severity)];
  const moments = [at, ...(notified_at === undefined ? [] : [notified_at]), ...reasons.map((each) => each.detected_at)];
  return severities.flatMap((each) => moments.map((moment) => ({ severity: each, at: moment })));
}

/** Hours that end before they begin go on after midnight, and belong to the day on which they began. */
function isWithin(
  { from, until, timezone, weekdays }: NonNullable<Route['hours']>,
  at: Instant,
  zone: string,
): boolean {
  const [date = '', time = ''] = wallTimeOf(at, timezone ?? zone).split(' ');
  const isAfterMidnight = until <= from && time < until;
  const isInHours = from < until ? time >= from && time < until : time >= from || time < until;
  const day = weekdayOf(isAfterMidnight ? dayBefore(date) : date);
  return isInHours && (weekdays === undefined || weekdays.includes(day));
}
