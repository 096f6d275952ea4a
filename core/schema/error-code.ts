/** How a class of errors behaves: whether trying again can help, and what a person should look at. */
export interface ErrorClass {
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
  readonly name:
    | 'informational'
    | 'success'
    | 'transient'
    | 'data'
    | 'configuration'
    | 'resource'
    | 'system_io'
    | 'unknown';
  readonly retryable: boolean | null;
  readonly advice: string;
}

/**
 * The error-code taxonomy: one letter for the layer, three digits. The letter `S` is two classes: below 100 a success
 * (S000 = OK), from 500 system input and output.
 */
export const ERROR_CLASSES: readonly ErrorClass[] = [
  { prefix: 'I', from: 0, to: 999, name: 'informational', retryable: null, advice: 'Nothing to do.' },
  { prefix: 'S', from: 0, to: 99, name: 'success', retryable: null, advice: 'Nothing to do.' },
  {
    prefix: 'T',
    from: 100,
    to: 199,
    name: 'transient',
    retryable: true,
    advice: 'Retry with backoff; if it keeps failing, look at the service it talks to and at the network.',
  },
  {
    prefix: 'D',
    from: 200,
    to: 299,
    name: 'data',
    retryable: false,
    advice: 'The data is wrong, a retry will not help: compare the input with the schema the step expects.',
  },
  {
    prefix: 'C',
    from: 300,
    to: 399,
    name: 'configuration',
    retryable: false,
    advice: 'A parameter or setting is wrong: compare the run’s params with the last good run.',
  },
  {
    prefix: 'R',
    from: 400,
    to: 499,
    name: 'resource',
    retryable: true,
    advice: 'It ran out of a resource: give it more memory, nodes or quota, or less data at once, then run it again.',
  },
  {
    prefix: 'S',
    from: 500,
    to: 599,
    name: 'system_io',
    retryable: true,
    advice: 'Reading or writing failed: check that the storage is reachable, has room, and that the role may use it.',
  },
  {
    prefix: 'U',
    from: 900,
    to: 999,
    name: 'unknown',
    retryable: null,
    advice: 'Not classified: read the message and the stack trace, then give this failure a code of its own.',
  },
];

/** Codes that have a name of their own. */
export const KNOWN_CODES: Readonly<Record<string, { readonly name: string; readonly advice?: string }>> = {
  S000: { name: 'OK' },
  T101: { name: 'NetworkTimeout' },
  T102: { name: 'TemporaryS3Unavailable' },
  D201: { name: 'SchemaMismatch', advice: 'The data does not have the expected schema: look for a changed producer.' },
  D202: { name: 'MissingRequiredColumn', advice: 'A required column is missing: look for a changed producer.' },
  C301: { name: 'InvalidParam' },
  R401: {
    name: 'OutOfMemory',
    advice: 'It ran out of memory: use larger or more nodes, smaller partitions, or look for a skewed join.',
  },
  U900: { name: 'Unclassified' },
};

export interface ErrorCodeMeaning {
  readonly code: string;
  /** The code's own name where the taxonomy has one. */
  readonly name: string | null;
  readonly class: ErrorClass['name'];
  /** Whether trying again can help; null: unknown. */
  readonly retryable: boolean | null;
  readonly advice: string;
}

/** What a code means. Codes outside the taxonomy (`E3001`) are kept as sent and classed unknown. */
export function meaningOf(code: string): ErrorCodeMeaning {
  const match = /^([A-Z])(\d{3})$/.exec(code);
  const number = Number(match?.[2]);
  const found = ERROR_CLASSES.find((each) => each.prefix === match?.[1] && number >= each.from && number <= each.to);
  const unknown = ERROR_CLASSES.find((each) => each.name === 'unknown') as ErrorClass;
  const { name, retryable, advice } = found ?? unknown;
  const known = KNOWN_CODES[code];
  return { code, name: known?.name ?? null, class: name, retryable, advice: known?.advice ?? advice };
}

/** Whether a code says that something failed: every code but those of success and information. */
export function isFailureCode(code: string): boolean {
  const { class: errorClass } = meaningOf(code);
  return errorClass !== 'success' && errorClass !== 'informational';
}
