import { hrefOf, type Query } from './address.ts';

/** What tells a run from all others; unknown parts are left open. */
export interface RunRef {
  readonly environment: string | null;
  readonly process_name: string | null;
  readonly run_id: string | null;
}

export interface PipelineRef {
  readonly environment: string | null;
  readonly process_name: string | null;
}

export const runHref = ({ environment, process_name, run_id }: RunRef, query: Query = {}): string =>
  hrefOf(['runs', run_id ?? ''], {
    pipeline: process_name ?? undefined,
    environment: environment ?? undefined,
    ...query,
  });

export const pipelineHref = ({ environment, process_name }: PipelineRef): string =>
  hrefOf(['pipelines', environment ?? '', process_name ?? '']);

export const runsHref = (query: Query = {}): string => hrefOf(['runs'], query);

export const datasetHref = (dataset: string): string => hrefOf(['lineage'], { dataset });

/** An id of an incident is a list as JSON, and long in an address: its parts stand in the path. */
export function incidentHref(id: string): string {
  try {
    const parts: unknown = JSON.parse(id);
    if (Array.isArray(parts) && parts.length === 4) return hrefOf(['incidents', ...parts.map(String)]);
  } catch {
    // An id of another form stands as it is.
  }
  return hrefOf(['incidents', id]);
}

/** The id that `incidentHref` put into the path. */
export function incidentIdOf(parts: readonly string[]): string {
  const [environment, process_name, slot, occurrence] = parts;
  return parts.length === 4 ? JSON.stringify([environment, process_name, slot, Number(occurrence)]) : (parts[0] ?? '');
}

/** The pipeline that an incident is about, as its id says. */
export function subjectOf(id: string): { readonly environment: string; readonly process_name: string } | undefined {
  try {
    const parts: unknown = JSON.parse(id);
    if (!Array.isArray(parts)) return undefined;
    const [environment, process_name] = parts;
    return typeof environment === 'string' && typeof process_name === 'string'
      ? { environment, process_name }
      : undefined;
  } catch {
    return undefined;
  }
}
