import { type Expectations, expectationFor } from './expectations.ts';

/** Whose the file of pipelines says that a pipeline is; undefined when it does not say. */
export const fileOwnerOf = (
  expectations: Expectations,
  environment: string,
  process_name: string,
): string | undefined => expectationFor(expectations, environment, process_name).owner;
