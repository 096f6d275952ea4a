import type { PipelineKey } from '../ports/pipeline-watches.ts';
import type { RunState } from '../run/run-view.ts';
import type { Expectations } from './expectations.ts';
import { isPattern } from './pattern.ts';

/** The pipeline that a run is of. */
export const pipelineOf = ({ environment, process_name }: RunState): PipelineKey => ({
  environment: environment ?? '',
  process_name: process_name ?? '',
});

/** A text for each pipeline, and for each pipeline another one. */
export const pipelineText = ({ environment, process_name }: PipelineKey): string =>
  JSON.stringify([environment, process_name]);

/** Each pipeline once, where it came first. */
export const distinctPipelines = (keys: readonly PipelineKey[]): readonly PipelineKey[] => [
  ...new Map(
    keys.map(({ environment, process_name }) => {
      const key = { environment, process_name };
      return [pipelineText(key), key];
    }),
  ).values(),
];

/** The pipelines that a file names, patterns left out. `environment` is that of names for which the file has none. */
export const namedPipelines = ({ pipelines }: Expectations, environment: string): readonly PipelineKey[] =>
  pipelines
    .filter(({ pattern }) => !isPattern(pattern))
    .map((each) => ({ environment: each.environment ?? environment, process_name: each.pattern }));
