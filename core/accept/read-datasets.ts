import { fieldsIn, isPlainSchema } from './dataset-schema.ts';
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
  if (!isObject(value)) return value;
  const { namespace, name } = value;
  if ((value.path ?? null) !== null || typeof namespace !== 'string' || typeof name !== 'string')
    return withoutSchema(value, draft);
  const { name: _, ...others } = value;
  keepPart(draft, column, 'name', name);
  const path = `${namespace}/${name}`;
  tellFields(path, schemaFacetOf(value), draft);
  return { ...others, path, ...statisticsOf(value) };
}

/** A dataset without its `schema`, where that tells fields and so has a column of its own. */
function withoutSchema(value: Readonly<Record<string, unknown>>, draft: Draft): unknown {
  if (value.schema === undefined) return value;
  const { schema, ...others } = value;
  const path = others.path ?? others.name ?? others.uri ?? others.location;
  if (typeof path !== 'string' || path.trim() === '' || !tellFields(path, schema, draft)) return value;
  return isPlainSchema(schema) ? others : value;
}

/** Takes the fields of a schema. False: there are none. */
function tellFields(dataset: string, schema: unknown, draft: Draft): boolean {
  const fields = fieldsIn(schema);
  if (fields === undefined) return false;
  draft.hints.datasetFields ??= [];
  for (const [at, { name, type }] of fields.entries())
    draft.hints.datasetFields.push({ dataset, name, type, position: at + 1 });
  return true;
}

/** https://openlineage.io/docs/spec/facets/dataset-facets/schema */
const schemaFacetOf = ({ facets }: Readonly<Record<string, unknown>>): unknown =>
  isObject(facets) ? facets.schema : undefined;

/** https://openlineage.io/docs/spec/facets/dataset-facets/output_statistics */
function statisticsOf({ inputFacets, outputFacets }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const facets = isObject(outputFacets) ? outputFacets : isObject(inputFacets) ? inputFacets : {};
  const statistics = facets.outputStatistics ?? facets.inputStatistics;
  return isObject(statistics) ? { records: statistics.rowCount, size_bytes: statistics.size } : {};
}
