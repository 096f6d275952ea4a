import * as z from 'zod';

interface Json {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly items?: Json;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

/** A schema as JSON Schema has it: what travels in, before defaults, or what travels out. */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json & object =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & object;

/** The fields of an object, as rows of a table: name, what it is, whether it must be there. */
export function fieldsOf(schema: z.ZodType): readonly (readonly [string, string, string])[] {
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'input');
  return Object.entries(properties).map(([name, each]) => [
    `\`${name}\``,
    boundedText(each),
    required.includes(name) ? 'yes' : each.default === undefined ? '' : `default \`${JSON.stringify(each.default)}\``,
  ]);
}

/** The shape of an answer in one line: `{"received": integer, "reasons"?: [{"line": integer, …}]}`. */
export const shapeOf = (schema: z.ZodType): string => shapeText(jsonSchemaOf(schema, 'output'));

function shapeText(schema: Json): string {
  const { properties, required = [], items } = schema;
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(
      ([name, each]) => `"${name}"${required.includes(name) ? '' : '?'}: ${shapeText(each)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  return items === undefined ? typeText(schema) : `[${shapeText(items)}]`;
}

function typeText({ type, enum: values, const: only, anyOf, oneOf, format }: Json): string {
  if (only !== undefined) return JSON.stringify(only);
  if (values !== undefined) return values.map((each) => JSON.stringify(each)).join(' or ');
  const variants = anyOf ?? oneOf;
  if (variants !== undefined) return variants.map(shapeText).join(' or ');
  if (format !== undefined) return format;
  return type === undefined ? 'any JSON' : [type].flat().join(' or ');
}

function boundedText(schema: Json): string {
  const { minLength, maxLength, minimum, maximum, maxItems, items } = schema;
  const bounds = [
    minLength !== undefined && minLength > 0 ? `at least ${minLength}` : '',
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    minimum === undefined || minimum < -1e9 ? '' : `from ${minimum}`,
    maximum === undefined || maximum > 1e9 ? '' : `to ${maximum}`,
    maxItems === undefined ? '' : `at most ${maxItems} of them`,
  ].filter(Boolean);
  const text = items === undefined ? shapeText(schema) : `list of ${shapeText(items)}`;
  return [text, ...bounds].join(', ').replaceAll('|', '\\|');
}
