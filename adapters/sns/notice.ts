/** What is wrong with a run, in words that fit every channel. Each channel renders it, and cuts it to its own size. */
export interface Notice {
  readonly kind: 'failed' | 'late';
  readonly severity: 'P1' | 'P2' | 'P3';
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
  /** One line that says it all. */
  readonly title: string;
  /** What is known, the most telling first. */
  readonly lines: readonly string[];
  /** What to do, the next command to type first. */
  readonly next_steps: readonly string[];
  /** Names and values: error code, cluster, times. */
  readonly facts: Readonly<Record<string, string>>;
}

/** What became of a notice on one channel: the receipt. `why` says what was expected, what came, what to do. */
export type Delivery =
  | { readonly channel: string; readonly delivered: true; readonly message_id: string }
  | { readonly channel: string; readonly delivered: false; readonly why: string };

export interface Notifier {
  /** Tells every channel, and says of each how it went: a channel that fails never keeps a notice from the others. */
  notify(notice: Notice): Promise<readonly Delivery[]>;
}
