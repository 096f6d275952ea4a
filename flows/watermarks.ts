import * as z from 'zod';
import { dateOf, type Instant } from '../core/instant.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { WatermarkLine, WatermarkSet } from '../core/recovery/watermark.ts';

const lineSchema = z.object({
  kind: z.literal('watermark'),
  environment: z.string(),
  process_name: z.string(),
  data_until: z.string().optional(),
  who: z.string(),
  why: z.string(),
  set_at: z.string(),
});

/** Sets of different pipelines and moments have keys of their own; of two at one moment and the same text, one is kept. */
const keyOf = (line: WatermarkLine, hash: (text: string) => string): string =>
  `${FOLDERS.recovery}/dt=${dateOf(line.set_at)}/watermark-${line.set_at.replace(/\D/g, '')}-${hash(JSON.stringify(line)).slice(0, 16)}.ndjson`;

/** Writes down that a person set a watermark: the act is the line. */
export async function recordWatermark(
  store: Pick<ObjectStore, 'put'>,
  { environment, process_name, data_until, who, why }: WatermarkSet,
  hash: (text: string) => string,
  now: Instant,
): Promise<WatermarkLine> {
  const line: WatermarkLine = {
    ...{ kind: 'watermark', environment, process_name, who, why, set_at: now },
    ...(data_until !== undefined && { data_until }),
  };
  await store.put(keyOf(line, hash), `${JSON.stringify(line)}\n`);
  return line;
}

/** Every time that the watermark of a pipeline was set by hand, the latest first. */
export async function watermarkSets(
  store: Pick<ObjectStore, 'get' | 'list'>,
  environment: string,
  process_name: string,
): Promise<readonly WatermarkLine[]> {
  const found: WatermarkLine[] = [];
  for await (const { key } of store.list(`${FOLDERS.recovery}/`)) {
    if (!key.includes('/watermark-')) continue;
    const parsed = lineSchema.safeParse(jsonOf(new TextDecoder().decode(await store.get(key))));
    if (parsed.success && parsed.data.environment === environment && parsed.data.process_name === process_name)
      found.push(parsed.data as WatermarkLine);
  }
  return found.sort((a, b) => (a.set_at < b.set_at ? 1 : -1));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
