import { epochMsOf, instantOf } from '../instant.ts';
import { eventColumns } from '../schema/event-columns.ts';
import { type DatasetField, type Draft, flag, keepExtra } from './draft.ts';
import { isPlaceholder, isRunName } from './names.ts';
import { readerOf } from './reader.ts';
import { applyReport } from './reports.ts';

/** Takes what other names meant into the canonical fields, once all fields of the line are read. */
export function applyHints(draft: Draft): void {
  dropPlaceholders(draft);
  nameStep(draft);
  const { fields, hints } = draft;
  if (hints.table !== undefined) {
    // One row per table and no step: the row is about writing that table.
    if (fields.step_name === undefined && !hints.isRun) fields.step_name = hints.table;
    fields.output_targets ??= [{ type: 'table', path: hints.table }];
    if (!isNamed(draft, hints.table)) keepExtra(draft, 'table', hints.table);
  }
  if (hints.runInstant !== undefined && fields.run_id === undefined) {
    fields.run_id = hints.runInstant;
    flag(draft, 'run_id_assumed');
  }
  applyReport(draft);
  if (hints.datasetFields !== undefined) tellFields(draft, hints.datasetFields);
}

const readFields = readerOf(eventColumns.dataset_fields.type);

/** The schemas of datasets, beside what the line says of them in a field of its own. */
function tellFields(draft: Draft, told: readonly DatasetField[]): void {
  const own = draft.fields.dataset_fields;
  const read = readFields(told, draft, 'dataset_fields');
  if (Array.isArray(read)) draft.fields.dataset_fields = Array.isArray(own) ? [...own, ...read] : read;
}

const isNamed = ({ fields }: Draft, table: string): boolean =>
  fields.step_name === table || (fields.output_targets as { path?: string }[]).some(({ path }) => path === table);

/** An id like `not-set` would join runs that have nothing in common. */
function dropPlaceholders(draft: Draft): void {
  const { fields } = draft;
  for (const name of ['run_id', 'parent_run_id', 'root_run_id']) {
    const id = fields[name];
    if (typeof id !== 'string' || !isPlaceholder(id)) continue;
    keepExtra(draft, name, id);
    fields[name] = undefined;
  }
}

function nameStep(draft: Draft): void {
  const { fields, hints } = draft;
  if (hints.isAirflow && fields.step_name === undefined) fields.step_name = fields.task_id;
  if (hints.isRun) {
    if (fields.step_name !== undefined) keepExtra(draft, 'step_name', fields.step_name);
    fields.step_name = undefined;
    flag(draft, 'stage_is_run');
  }
  if (hints.stage === undefined) return;
  const isRun = fields.step_index === undefined && fields.step_name === undefined && isRunName(hints.stage);
  if (isRun) flag(draft, 'stage_is_run');
  if (isRun || fields.step_name !== undefined) keepExtra(draft, 'stage', hints.stage);
  else fields.step_name = hints.stage;
  if (isRun) hints.stage = undefined;
}

/** An END that tells its start and its duration tells its end. */
export function applyEndTime(draft: Draft): void {
  const { fields } = draft;
  if (fields.end_time !== undefined || !String(fields.event_type).endsWith('_END')) return;
  if (typeof fields.start_time !== 'string' || typeof fields.duration_ms !== 'number') return;
  const endMs = epochMsOf(fields.start_time) + fields.duration_ms;
  if (endMs >= 4_133_980_800_000) return;
  fields.end_time = instantOf(endMs);
  flag(draft, 'end_time_assumed');
}
