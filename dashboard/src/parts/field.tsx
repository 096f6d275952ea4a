import { goWith } from '../router/use-address.tsx';

/** A filter that lives in the address. It is applied when the field is left, and with Enter. */
export function Field({
  name,
  label,
  value,
  hint,
}: {
  readonly name: string;
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

export function Choice({
  name,
  label,
  value,
  options,
}: {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  /** Values and words. The empty value is the one that stands for all. */
  readonly options: readonly (readonly [string, string])[];
}) {
  const isKnown = options.some(([each]) => each === (value ?? ''));
  return (
    <label>
      {label}
      <select name={name} value={value ?? ''} onChange={(event) => goWith({ [name]: event.currentTarget.value })}>
        {options.map(([each, word]) => (
          <option key={each} value={each}>
            {word}
          </option>
        ))}
        {!isKnown && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}
