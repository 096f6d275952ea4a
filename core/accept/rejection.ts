/** Why accept rejected a line. A closed set, so readers can switch over `kind`. */
export type RejectionReason =
  | { readonly kind: 'not_json'; readonly detail: string }
  | { readonly kind: 'not_an_object'; readonly found: string }
  | { readonly kind: 'missing_identity'; readonly missing: readonly ('process_name' | 'run_id')[] }
  | { readonly kind: 'says_nothing'; readonly event_type: string | null; readonly status: string | null }
  | { readonly kind: 'too_large'; readonly size_bytes: number; readonly limit_bytes: number };
export type RejectionKind = RejectionReason['kind'];

/** A line that accept rejected, with the reason. The masked line is kept, so that it can be resent. */
export interface Rejection {
  readonly rejection_key: string;
  readonly received_at: string;
  readonly reason: RejectionReason;
  /** What the line looks like, masked, when it looks like something that is known: a sentence without its full stop. */
  readonly looks_like?: string;
  /** The masked line as received; bytes that are not UTF-8 read as U+FFFD. */
  readonly payload: string;
}

/** The NDJSON line of a rejection, without a line end, as it lands under `rejected/`. The view `rejections` reads these names. */
export const rejectedLine = (rejection: Rejection): string => {
  const { rejection_key, received_at, reason, payload } = rejection;
  return JSON.stringify({
    rejection_key,
    received_at,
    kind: reason.kind,
    explanation: explanationOf(rejection),
    payload,
  });
};

/** What became of a rejection: its line was resent and accepted, or a person dismissed it. */
export interface Decision {
  readonly rejection_key: string;
  readonly decided_at: string;
  readonly decision: 'accepted' | 'dismissed';
  /** Why, in the words of the person who dismissed it. */
  readonly reason?: string;
  /** Who dismissed it. */
  readonly who?: string | undefined;
}

/** Which rejected lines nobody has to look at any more, and why, in the words of a person. */
export interface Dismissal {
  readonly keys: readonly string[];
  readonly reason: string;
  /** Who decided it. Missing: nobody said. */
  readonly who?: string | undefined;
}

/** The NDJSON line of a decision, without a line end. It lands under `rejected/` too, for the view to join. */
export const decisionLine = ({ rejection_key, decided_at, decision, reason, who }: Decision): string =>
  JSON.stringify({ rejection_key, received_at: decided_at, decision, reason, who });

/** Explains a rejection to people: what its line looks like, what was expected, what accept got, what to do. */
export const explanationOf = ({ reason, looks_like }: Pick<Rejection, 'reason' | 'looks_like'>): string =>
  looks_like === undefined ? explain(reason) : `${looks_like}; ${explain(reason)}`;

/** Explains a reason to people: what was expected, what accept got, what to do. */
export function explain(reason: RejectionReason): string {
  switch (reason.kind) {
    case 'not_json':
      return `expected one JSON object per line, but the line is not JSON (${reason.detail}); fix the producer's encoding and send the line again`;
    case 'not_an_object':
      return `expected a JSON object, but got ${reason.found}; send one event object per line`;
    case 'missing_identity':
      return `expected a process_name (or pipeline_name) and a run_id, but ${reason.missing.join(' and ')} ${reason.missing.length === 1 ? 'is' : 'are'} missing; every event needs both`;
    case 'says_nothing':
      return `expected an event_type or a status that says what happened, but got event_type ${shown(reason.event_type)} and status ${shown(reason.status)}; send one of the documented words`;
    case 'too_large':
      return `expected a line of at most ${reason.limit_bytes} bytes, but got ${reason.size_bytes}; keep large payloads in a file and send its path`;
  }
}

const shown = (text: string | null): string => (text === null ? 'none' : `"${text.slice(0, 80).toWellFormed()}"`);
