import type { Query } from '../../router/address.ts';

/** The filters of the list of runs, as the address has them. */
export interface FilterQuery {
  /** A name, or a pattern with `*`. */
  readonly pipeline?: string;
  readonly environment?: string;
  readonly status?: string;
  readonly since?: string;
  readonly until?: string;
  readonly open?: string;
  readonly late?: string;
  readonly owner?: string;
  readonly step?: string;
  readonly error_code?: string;
  readonly tag?: string;
  readonly run_id?: string;
}

/** What the question is asked for these filters. Others that the address may hold are passed over. */
export const askedFor = ({ pipeline, ...filter }: FilterQuery): Query => ({
  process_name: pipeline,
  environment: filter.environment,
  status: filter.status,
  since: filter.since,
  until: filter.until,
  open: filter.open,
  late: filter.late,
  owner: filter.owner,
  step: filter.step,
  error_code: filter.error_code,
  tag: filter.tag,
  run_id: filter.run_id,
});
