import { Choice, Field } from '../../parts/field.tsx';
import { goWith } from '../../router/use-address.tsx';
import type { FilterQuery } from './filter.ts';

const STATUSES = [
  ['', 'any'],
  ['FAILED,TIMED_OUT,LOST', 'failed or lost'],
  ['SUCCESS', 'success'],
  ['RUNNING,RETRY,SUSPECT', 'running'],
  ['QUEUED', 'queued'],
  ['LOST', 'lost'],
  ['CANCELLED', 'cancelled'],
  ['SKIPPED', 'skipped'],
] as const;

const SINCE = [
  ['', 'any time'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
] as const;

/** The filters of the list, which live in the address. */
export function RunFilters({ filter }: { readonly filter: FilterQuery }) {
  return (
    <form class="filters" aria-label="Filter runs" onSubmit={(event) => event.preventDefault()}>
      <Field name="pipeline" label="Pipeline" value={filter.pipeline} hint="name, or part*" />
      <Choice name="status" label="Status" value={filter.status} options={STATUSES} />
      <Choice name="since" label="Since" value={filter.since} options={SINCE} />
      <Field name="environment" label="Environment" value={filter.environment} hint="prod" />
      <Field name="owner" label="Owner" value={filter.owner} hint="team-*" />
      <Field name="step" label="Step" value={filter.step} hint="load*" />
      <Field name="error_code" label="Error code" value={filter.error_code} hint="D2*" />
      <Field name="tag" label="Tag" value={filter.tag} hint="name=value" />
      <Check name="open" label="Not ended" value={filter.open} />
      <Check name="late" label="Late" value={filter.late} />
    </form>
  );
}

function Check({
  name,
  label,
  value,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value === 'yes'}
        onChange={(event) => goWith({ [name]: event.currentTarget.checked ? 'yes' : undefined })}
      />
      {label}
    </label>
  );
}
