import type { Run } from '@runledger/client';
import { damagedCopyOf } from './damaged-copy.ts';
import { findPackages, lineagePath } from './find-packages.ts';
import { openInventoryDatabase } from './inventory-database.ts';
import { type Measure, measureFiles, sourcesOf } from './measure-files.ts';
import { type Manifest, readManifests } from './read-manifests.ts';
import { bothOf, type Show, type ShownSteps, shownSteps, withRetry } from './shown-steps.ts';
import { checksOf } from './validate.ts';

export interface InventoryResult {
  readonly run_id: string;
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
  /** The files that were written. */
  readonly targets: readonly string[];
}

export interface InventorySetup {
  readonly root: string;
  readonly out: string;
  readonly breaks: boolean;
  readonly show: Show;
}

const STEPS = ['read-manifests', 'measure-files', 'validate', 'join', 'aggregate', 'write-parquet'];

/** The steps of the pipeline. Two read at the same time, the others follow one another. */
export async function takeInventory(run: Run, setup: InventorySetup): Promise<InventoryResult> {
  setup.show(`dependency-inventory, run ${run.run_id}`);
  const steps = shownSteps(run, setup.show);
  try {
    const [manifests, measures] = await readPackages(steps, setup);
    await steps.step('validate', (step) => {
      for (const check of checksOf(manifests)) {
        step.quality(check);
        if (!check.success) step.metric(`${check.check_name}_failed`, check.records_failed);
      }
      step.count({ records_in: manifests.length, records_out: manifests.length });
      return { value: undefined, records: manifests.length };
    });
    return await writeInventory(run, steps, manifests, measures, setup);
  } catch (error) {
    steps.skipRest(STEPS);
    throw error;
  }
}

async function readPackages(
  steps: ShownSteps,
  { root, out, breaks }: InventorySetup,
): Promise<[readonly Manifest[], readonly Measure[]]> {
  const damaged = breaks ? await damagedCopyOf(await findPackages(root), out) : undefined;
  const manifests = withRetry(() =>
    steps.step('read-manifests', async (step) => {
      const packages = await findPackages(root);
      const manifests = await readManifests(packages, { damaged, isLastTry: step.attempt >= 2 });
      const bytes = sumOf(manifests, (manifest) => manifest.manifest_bytes);
      step.count({ records_in: packages.length, records_out: manifests.length, data_size_bytes_in: bytes });
      step.source({ type: 'directory', path: 'node_modules', size_bytes: bytes, records: packages.length });
      return { value: manifests, records: manifests.length, bytes };
    }),
  );
  const measures = steps.step('measure-files', async (step) => {
    const measures = await measureFiles(await findPackages(root));
    const files = sumOf(measures, (measure) => measure.files);
    const bytes = sumOf(measures, (measure) => measure.bytes);
    step.count({ records_in: files, records_out: measures.length, data_size_bytes_in: bytes });
    for (const source of sourcesOf(measures)) step.source(source);
    return { value: measures, records: files, bytes };
  });
  return bothOf(manifests, measures);
}

async function writeInventory(
  run: Run,
  steps: ShownSteps,
  manifests: readonly Manifest[],
  measures: readonly Measure[],
  { root, out }: InventorySetup,
): Promise<InventoryResult> {
  using database = await openInventoryDatabase();
  const rows = await steps.step('join', async (step) => {
    const joined = await database.join(manifests, measures);
    step.count({ records_in: manifests.length + measures.length, records_out: joined });
    return { value: joined, records: joined };
  });
  const licences = await steps.step('aggregate', async (step) => {
    const licences = await database.aggregate();
    step.count({ records_in: rows, records_out: licences });
    return { value: licences, records: licences };
  });
  const written = await steps.step('write-parquet', async (step) => {
    const written = await database.write(out);
    const bytes = sumOf(written, (file) => file.size_bytes);
    const records = sumOf(written, (file) => file.records);
    step.count({ records_in: records, records_out: records, data_size_bytes_out: bytes });
    for (const { file, size_bytes, records } of written) {
      const target = { type: 'parquet', path: lineagePath(root, file), size_bytes, records };
      step.target(target);
      run.target(target);
    }
    return { value: written, records, bytes };
  });

  const files = sumOf(measures, (measure) => measure.files);
  const bytes = sumOf(measures, (measure) => measure.bytes);
  run.source({ type: 'directory', path: 'node_modules', size_bytes: bytes, records: files });
  run.count({ records_in: files, records_out: rows, data_size_bytes_in: bytes });
  run.count({ data_size_bytes_out: sumOf(written, (file) => file.size_bytes) });
  run.metric('packages', rows);
  run.metric('licences', licences);
  run.metric('memory_used_mb', process.memoryUsage.rss() / 1_048_576);
  return { run_id: run.run_id, packages: rows, files, bytes, targets: written.map(({ file }) => file) };
}

const sumOf = <Item>(items: readonly Item[], numberOf: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + numberOf(item), 0);
