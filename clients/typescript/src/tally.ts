import { readSchema } from './dataset-schema.ts';
import type { QualityResult, Source, Target } from './event.ts';
import { type Complain, readBoolean, readCount, readNumber, readRow, readText, unexpected } from './wire-value.ts';

/** How much went through. */
export interface Counts {
  readonly records_in?: number | bigint | undefined;
  readonly records_out?: number | bigint | undefined;
  readonly data_size_bytes_in?: number | bigint | undefined;
  readonly data_size_bytes_out?: number | bigint | undefined;
}

/** How much went in, and how much came out. */
export interface InAndOut {
  readonly in?: number | bigint | undefined;
  readonly out?: number | bigint | undefined;
}

const COUNTS = ['records_in', 'records_out', 'data_size_bytes_in', 'data_size_bytes_out'] as const;

/** So many sources, targets and metrics of one run or step are kept: they wait in memory for its end. */
const MAX_ITEMS = 1_000;

/** What a run or step has counted so far; its END carries it. */
export class Tally {
  readonly #complain: Complain;
  readonly #counts: Partial<Record<(typeof COUNTS)[number], number>> = {};
  readonly #metrics: Record<string, number> = Object.create(null);
  readonly #sources: Source[] = [];
  readonly #targets: Target[] = [];

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  count(counts: Counts): void {
    for (const name of Object.keys(counts)) {
      if (!(COUNTS as readonly string[]).includes(name))
        this.#complain(unexpected('count', `one of ${COUNTS.join(', ')}`, name));
    }
    for (const name of COUNTS) {
      const more = readCount(counts[name], name, this.#complain);
      if (more !== undefined) this.#counts[name] = Math.min(Number.MAX_SAFE_INTEGER, (this.#counts[name] ?? 0) + more);
    }
  }

  metric(name: string, value: number): void {
    const number = readNumber(value, `metric ${name}`, this.#complain);
    if (number === undefined || !this.#hasRoom(Object.keys(this.#metrics), name)) return;
    this.#metrics[name] = number;
  }

  source(source: Source): void {
    const row = readSource(source, 'source', this.#complain);
    if (row && this.#hasRoom(this.#sources)) this.#sources.push(row);
  }

  target(target: Target): void {
    const row = readTarget(target, 'target', this.#complain);
    if (row && this.#hasRoom(this.#targets)) this.#targets.push(row);
  }

  /** The columns of an END. */
  columns(): Record<string, unknown> {
    return {
      ...Object.fromEntries(COUNTS.map((name) => [name, this.#counts[name]])),
      input_sources: this.#sources.length > 0 ? this.#sources : undefined,
      output_targets: this.#targets.length > 0 ? this.#targets : undefined,
      metrics: Object.keys(this.#metrics).length > 0 ? this.#metrics : undefined,
    };
  }

  #hasRoom(kept: readonly unknown[], name?: string): boolean {
    if (kept.length < MAX_ITEMS || kept.includes(name)) return true;
    this.#complain(new RangeError(`Expected at most ${MAX_ITEMS} sources, targets or metrics each, got one more`));
    return false;
  }
}

const SOURCE = { type: readText, path: readText, size_bytes: readCount, records: readCount, schema: readSchema };
const readSource = readRow<Source>(SOURCE);
const readTarget = readRow<Target>({ ...SOURCE, partition: readText });

export const readQuality = readRow<QualityResult>({
  dataset: readText,
  check_name: readText,
  success: readBoolean,
  severity: readText,
  expected: readText,
  actual: readText,
  records_checked: readCount,
  records_failed: readCount,
});
