import { fileSchema, type PipelinesFile } from './file-schema.ts';
import { type ReadYaml, readYaml } from './read-yaml.ts';

/** A file of pipelines as it was read. With a problem it is not to be used. */
export type ReadFile = ReadYaml<PipelinesFile>;

/** Reads the text of `pipelines.yaml` and finds everything that is wrong with its form. Never throws. */
export const readFile = (text: string): ReadFile => readYaml(text, fileSchema);
