import { type Row, textIn } from '../../http/rows.ts';

/** What a run's events say of it besides how it went. */
export interface Told {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The last value of each metric, by step. */
  readonly metrics: readonly { readonly step: string | null; readonly name: string; readonly value: number }[];
  /** Who said it: a client, a platform, OpenLineage. */
  readonly reporters: readonly { readonly name: string; readonly events: number }[];
  /** What its END said. */
  readonly endMessage: string | null;
}

/** Gathers it from events, the earliest first: a later one wins. */
export function toldBy(events: readonly Row[]): Told {
  const params: Record<string, string> = {};
  const tags: Record<string, string> = {};
  const metrics = new Map<string, Told['metrics'][number]>();
  const reporters = new Map<string, number>();
  let endMessage: string | null = null;
  for (const event of events) {
    Object.assign(params, mapIn(event, 'params'));
    Object.assign(tags, mapIn(event, 'tags'));
    const step = textIn(event, 'step_name');
    for (const [name, text] of Object.entries(mapIn(event, 'metrics'))) {
      const value = Number(text);
      if (Number.isFinite(value)) metrics.set(`${step}\n${name}`, { step, name, value });
    }
    const who = [textIn(event, 'reporter'), textIn(event, 'producer_name')].filter((each) => each !== null).join(', ');
    if (who !== '') reporters.set(who, (reporters.get(who) ?? 0) + 1);
    if (step === null && textIn(event, 'event_type') === 'RUN_END') endMessage = textIn(event, 'message') ?? endMessage;
  }
  return {
    params,
    tags,
    metrics: [...metrics.values()],
    reporters: [...reporters].map(([name, events]) => ({ name, events })),
    endMessage,
  };
}

/** A map as it travels: JSON text. */
function mapIn(row: Row, name: string): Readonly<Record<string, string>> {
  const text = textIn(row, name);
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? each : JSON.stringify(each)]),
    );
  } catch {
    return {};
  }
}
