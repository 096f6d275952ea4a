/** Something that goes wrong on purpose, until it is told otherwise. */
export type Fault =
  /** Every call is answered with this status. */
  | { readonly kind: 'away'; readonly status: number; readonly error: string }
  /** Statements that hold this text fail before they run. */
  | { readonly kind: 'fails'; readonly text: string; readonly reason: string; readonly retryable: boolean }
  /** Statements that hold this text run on until they are stopped. */
  | { readonly kind: 'hangs'; readonly text: string }
  /** The workgroup's BytesScannedCutoffPerQuery. */
  | { readonly kind: 'scan limit'; readonly bytes: number };

export interface Faults {
  /** In place of those before. */
  set(faults: readonly Fault[]): void;
  away(): Extract<Fault, { kind: 'away' }> | undefined;
  /** The one that meets a statement. */
  of(query: string): Exclude<Fault, { kind: 'away' | 'scan limit' }> | undefined;
  scanLimitBytes(): number;
}

export function openFaults(): Faults {
  let present: readonly Fault[] = [];
  return {
    set: (faults) => {
      present = faults;
    },
    away: () => present.find((fault) => fault.kind === 'away'),
    of: (query) => {
      for (const fault of present) {
        if ((fault.kind === 'fails' || fault.kind === 'hangs') && query.includes(fault.text)) return fault;
      }
      return undefined;
    },
    scanLimitBytes: () =>
      Math.min(...present.map((fault) => (fault.kind === 'scan limit' ? fault.bytes : Number.POSITIVE_INFINITY))),
  };
}

/** How a statement fails that was to fail. */
export class Intended extends Error {
  readonly retryable: boolean;

  constructor(reason: string, retryable: boolean) {
    super(reason);
    this.retryable = retryable;
  }
}
