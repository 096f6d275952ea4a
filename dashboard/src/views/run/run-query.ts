import type { Query } from '../../router/address.ts';
import type { RunRef } from '../../router/links.ts';

/** What the questions about one run are asked. A name with a star is a pattern there: it matches itself. */
export const refQuery = ({ environment, process_name, run_id }: RunRef): Query => ({
  run_id: run_id ?? '',
  environment: environment ?? undefined,
  process_name: process_name ?? undefined,
});
