/** How long to wait between tries, in milliseconds. */
export interface Backoff {
  /** The longest first pause. */
  readonly firstDelayMs: number;
  /** No pause is longer. */
  readonly maxDelayMs: number;
}

/** What a retry takes from outside. */
export interface Waiting {
  readonly pause: (delayMs: number) => Promise<unknown>;
  /** At least 0 and below 1, as `Math.random` gives it. */
  readonly random: () => number;
}

/**
 * The pause before the next try: a random time between 0 and a ceiling that doubles from `firstDelayMs` to `maxDelayMs`
 * ("full jitter"), so that callers that collided do not meet again. `pauses` is how many came before: 0 for the first.
 */
export const backoffMs = ({ firstDelayMs, maxDelayMs }: Backoff, pauses: number, random: () => number): number =>
  Math.round(random() * Math.min(maxDelayMs, firstDelayMs * 2 ** pauses));

/** What one call did not take, and the service's own reason, for the error message. */
export interface Refusal<Item> {
  readonly refused: readonly Item[];
  readonly why: string;
}

export interface Resending extends Waiting, Backoff {
  /** Calls in all, the first included; at least 1. */
  readonly maxTries: number;
}

/**
 * Sends items, then again those that the service refused, until it has taken all or `maxTries` calls are made. Resolves
 * with what the last call refused: nothing, when all was taken. Pauses take at most (`maxTries` - 1) × `maxDelayMs`
 * together. Throws what `send` throws, at once: only a refusal is worth another try.
 */
export async function sendUntilTaken<Item>(
  items: readonly Item[],
  send: (left: readonly Item[]) => Promise<Refusal<Item>>,
  { maxTries, pause, random, ...backoff }: Resending,
): Promise<Refusal<Item>> {
  let last = await send(items);
  for (let tries = 1; last.refused.length > 0 && tries < maxTries; tries++) {
    await pause(backoffMs(backoff, tries - 1, random));
    last = await send(last.refused);
  }
  return last;
}
