import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A service as AWS describes it, as far as the server reads it. */
export interface ServiceModel {
  readonly metadata: { readonly protocol: string; readonly targetPrefix?: string; readonly jsonVersion?: string };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface Operation {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

export interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Member>>;
  readonly member?: Member;
  readonly key?: Member;
  readonly value?: Member;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly payload?: string;
  readonly fault?: boolean;
  readonly error?: { readonly httpStatusCode?: number };
}

export interface Member {
  readonly shape: string;
  readonly location?: 'uri' | 'querystring' | 'header' | 'statusCode';
  readonly locationName?: string;
}

export type Service = 'glue' | 'stepfunctions' | 'emr-serverless' | 'batch' | 'ecs' | 'lambda' | 'events';

export const modelOf = (service: Service): ServiceModel =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${service}.json`), 'utf8')) as ServiceModel;

/** What a value has that its shape does not allow: a line each. */
export function misfits(model: ServiceModel, name: string, value: unknown, path = name): readonly string[] {
  const shape = model.shapes[name];
  if (shape === undefined) return [`${path}: no shape ${name}`];
  const wrong = (expected: string) => [`${path}: expected ${expected}, got ${JSON.stringify(value)?.slice(0, 80)}`];
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object' || value === null) return wrong('an object');
      const members = shape.members ?? {};
      const given = value as Readonly<Record<string, unknown>>;
      return [
        ...(shape.required ?? [])
          .filter((each) => given[each] === undefined)
          .map((each) => `${path}.${each}: required`),
        ...Object.entries(given).flatMap(([key, each]) => {
          const member = members[key];
          return member === undefined
            ? [`${path}.${key}: no such member`]
            : misfits(model, member.shape, each, `${path}.${key}`);
        }),
      ];
    }
    case 'list':
      if (!Array.isArray(value)) return wrong('a list');
      return [
        ...outside(shape, value.length, wrong),
        ...value.flatMap((each, at) => misfits(model, shape.member?.shape ?? '', each, `${path}[${at}]`)),
      ];
    case 'map':
      if (typeof value !== 'object' || value === null) return wrong('a map');
      return Object.entries(value).flatMap(([key, each]) => [
        ...misfits(model, shape.key?.shape ?? '', key, `${path} key`),
        ...misfits(model, shape.value?.shape ?? '', each, `${path}.${key}`),
      ]);
    case 'string':
      if (typeof value !== 'string') return wrong('a text');
      if (shape.enum !== undefined && !shape.enum.includes(value)) return wrong(`one of ${shape.enum.join(', ')}`);
      if (shape.pattern !== undefined && !matches(shape.pattern, value)) return wrong(shape.pattern);
      return outside(shape, value.length, wrong);
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value) ? outside(shape, Number(value), wrong) : wrong('a whole number');
    case 'double':
    case 'float':
    case 'timestamp':
      return typeof value === 'number' ? [] : wrong('a number');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('true or false');
    default:
      return [];
  }
}

const outside = (
  { min = 0, max = Number.MAX_SAFE_INTEGER }: Shape,
  size: number,
  wrong: (expected: string) => string[],
) => (size < min || size > max ? wrong(`${min} to ${max}`) : []);

/** Patterns are written for Java: `\\p{…}` and ranges of surrogates need the flag; what JavaScript cannot read says nothing. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}
