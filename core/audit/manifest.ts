import * as z from 'zod';

/** One object as it was when its day was sealed: its content's size and SHA-256, unpacked where it is stored packed. */
export interface SealedObject {
  readonly key: string;
  readonly size_bytes: number;
  readonly sha256: string;
}

/**
 * What one seal says. Each object is listed in one manifest, that of its day, or of a later one when it came late; each
 * manifest holds the hash of the one before, so that no one of them can be changed without all that follow.
 */
export interface Manifest {
  /** The last UTC day that it closes. */
  readonly day: string;
  /** SHA-256 of the text of the manifest before; null: it is the first. */
  readonly previous: string | null;
  /** By folder, the day before which objects are deleted because nobody wanted to keep them longer. */
  readonly kept_from: Readonly<Record<string, string>>;
  /** By key. */
  readonly objects: readonly SealedObject[];
}

const FORMAT = 'runledger-manifest-1';

/** The text of a manifest: a line that says what it is, then one line per object. The same for the same manifest. */
export function manifestText({ day, previous, kept_from, objects }: Manifest): string {
  const kept = Object.fromEntries(Object.entries(kept_from).sort(([a], [b]) => (a < b ? -1 : 1)));
  const head = { format: FORMAT, day, previous, kept_from: kept, objects: objects.length };
  const lines = objects.map(({ key, size_bytes, sha256 }) => JSON.stringify([key, size_bytes, sha256]));
  return `${[JSON.stringify(head), ...lines].join('\n')}\n`;
}

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const headSchema = z.strictObject({
  format: z.literal(FORMAT),
  day: z.iso.date(),
  previous: sha256Schema.nullable(),
  kept_from: z.record(z.string(), z.iso.date()),
  objects: z.int().nonnegative(),
});
const lineSchema = z.tuple([z.string(), z.int().nonnegative(), sha256Schema]);

/** The manifest in a text; undefined when the text is not exactly what `manifestText` writes of one. */
export function manifestIn(text: string): Manifest | undefined {
  try {
    const [first = '', ...lines] = text.split('\n');
    const { day, previous, kept_from, objects: count } = headSchema.parse(JSON.parse(first));
    const objects = lines.slice(0, -1).map((line): SealedObject => {
      const [key, size_bytes, sha256] = lineSchema.parse(JSON.parse(line));
      return { key, size_bytes, sha256 };
    });
    const manifest = { day, previous, kept_from, objects };
    return objects.length === count && manifestText(manifest) === text ? manifest : undefined;
  } catch {
    return undefined;
  }
}
