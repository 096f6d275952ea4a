import { goWith } from '../../router/use-address.tsx';
import type { FilterQuery } from './filter.ts';

const STATUSES = [
  ['', 'any status'],
  ['failed', 'failed, timed out or lost'],
  ['SUCCESS', 'success'],
  ['RUNNING,RETRY,SUSPECT', 'running'],
  ['QUEUED', 'queued'],
  ['LOST', 'lost'],
  ['CANCELLED', 'cancelled'],
  ['SKIPPED', 'skipped'],
] as const;

/** The filters of the list, which live in the address. */
export function RunFilters({ filter }: { readonly filter: FilterQuery }) {
  const known = STATUSES.some(([status]) => status === (filter.status ?? ''));
  return (
    <form class="filters" aria-label="Filter runs" onSubmit={(event) => event.preventDefault()}>
      <Field name="pipeline" label="Pipeline" value={filter.pipeline} hint="name, or part* of it" />
      <Field name="environment" label="Environment" value={filter.environment} hint="prod" />
      <label>
        Status
        <select value={filter.status ?? ''} onChange={(event) => goWith({ status: event.currentTarget.value })}>
          {STATUSES.map(([status, word]) => (
            <option key={status} value={status}>
              {word}
            </option>
          ))}
          {!known && <option value={filter.status}>{filter.status}</option>}
        </select>
      </label>
      <Field name="owner" label="Owner" value={filter.owner} hint="team" />
      <Field name="text" label="Id or error" value={filter.text} hint="part of it" />
      <label class="check">
        <input
          type="checkbox"
          checked={filter.open === 'true'}
          onChange={(event) => goWith({ open: event.currentTarget.checked ? 'true' : undefined })}
        />
        Not ended
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filter.late === 'true'}
          onChange={(event) => goWith({ late: event.currentTarget.checked ? 'true' : undefined })}
        />
        Late
      </label>
    </form>
  );
}

function Field({
  name,
  label,
  value,
  hint,
}: {
  readonly name: keyof FilterQuery;
  readonly label: string;
  readonly value: string | undefined;
  readonly hint: string;
}) {
  return (
    <label>
      {label}
      <input
        key={value}
        name={name}
        defaultValue={value ?? ''}
        placeholder={hint}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => goWith({ [name]: event.currentTarget.value.trim() })}
      />
    </label>
  );
}
