import { merge } from '../../core/run/run.ts';
import { runOf } from '../../core/run/run-of.ts';
import { type RunState, type RunView, viewOf } from '../../core/run/run-view.ts';
import { type ToldRun, toldRunOf } from '../../core/run/told-run.ts';
import type { Event } from '../../core/schema/event.ts';
import { anEvent } from '../factories.ts';

/** What people see of a run of which these events tell. */
export const viewOfEvents = (...events: readonly Partial<Event>[]): RunView =>
  viewOf(events.map((event) => runOf(anEvent(event))).reduce(merge));

/** A run of which these events tell, as rules take it. */
export const toldOfEvents = (...events: readonly Partial<Event>[]): ToldRun =>
  toldRunOf(events.map((event) => runOf(anEvent(event))).reduce(merge));

export const stateOf = (...events: readonly Partial<Event>[]): RunState => viewOfEvents(...events).run;

/** An instant of 3 November 2025. */
export const at = (time: string): string => `2025-11-03T${time.padEnd(8, ':00')}.000Z`;
