import type * as z from 'zod';

/** The names that a schema knows at a path; empty where any name may stand. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrapped(schema);
  const [key, ...rest] = path;
  if (inner.type === 'object') {
    if (key === undefined) return Object.keys(inner.shape);
    const next = inner.shape[String(key)];
    return next === undefined ? [] : keysAt(next, rest);
  }
  if (key === undefined) return [];
  if (inner.type === 'record') return keysAt(inner.valueType, rest);
  if (inner.type === 'array') return keysAt(inner.element, rest);
  return [];
}

type Def = z.core.$ZodObjectDef | z.core.$ZodRecordDef | z.core.$ZodArrayDef | { readonly type: 'other' };

function unwrapped(schema: z.core.$ZodType): Def {
  const { def } = schema._zod;
  // Of several forms, the one with names: the others are plain values.
  if (def.type === 'union') {
    const forms = (def as z.core.$ZodUnionDef).options.map(unwrapped);
    return forms.find(({ type }) => type === 'object') ?? { type: 'other' };
  }
  const inner =
    (def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType }).innerType ?? (def as { in?: z.core.$ZodType }).in;
  if (inner !== undefined) return unwrapped(inner);
  return def.type === 'object' || def.type === 'record' || def.type === 'array' ? (def as Def) : { type: 'other' };
}
