import { type Draft, keepPart } from './draft.ts';
import { isObject } from './masked-value.ts';
import type { Reader } from './read-value.ts';

/** Reads what was read or written: rows, plain paths, and OpenLineage's `{ namespace, name, facets }`. */
export const readDatasets =
  (readRows: Reader): Reader =>
  (value, draft, name) => {
    const read = (one: unknown): unknown => datasetOf(one, draft, name);
    return readRows(Array.isArray(value) ? value.map(read) : read(value), draft, name);
  };

function datasetOf(value: unknown, draft: Draft, column: string): unknown {
  if (typeof value === 'string') return value.trim() === '' ? value : { path: value };
  if (!isObject(value) || (value.path ?? null) !== null) return value;
  const { namespace, name } = value;
  if (typeof namespace !== 'string' || typeof name !== 'string') return value;
  const { name: _, ...others } = value;
  keepPart(draft, column, 'name', name);
  return { ...others, path: `${namespace}/${name}`, ...statisticsOf(value) };
}

/** https://openlineage.io/docs/spec/facets/dataset-facets/output_statistics */
function statisticsOf({ inputFacets, outputFacets }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const facets = isObject(outputFacets) ? outputFacets : isObject(inputFacets) ? inputFacets : {};
  const statistics = facets.outputStatistics ?? facets.inputStatistics;
  return isObject(statistics) ? { records: statistics.rowCount, size_bytes: statistics.size } : {};
}
