import { Delivery, type DeliveryStats, type FlushMode } from './delivery.ts';
import type { Event, EventBody, RunIdentity } from './event.ts';
import type { LedgerSettings } from './ledger-options.ts';
import { lineOf } from './line.ts';
import type { Runtime } from './runtime.ts';
import { Spool } from './spool.ts';
import { timeOrderedIds } from './time-ordered-ids.ts';
import type { Transport } from './transport.ts';
import { SCHEMA_VERSION } from './version.ts';
import { attempt, type Complain, jsonValue } from './wire-value.ts';

/**
 * Counts of events so far, with several transports once for each. `emitted = sent + spooled + dropped + pending` until
 * something is sent from the spool, which counts as sent too.
 */
export interface LedgerStats {
  readonly emitted: number;
  readonly sent: number;
  /** Kept in files, to be sent later. */
  readonly spooled: number;
  /** Never sent: no room, refused, deleted from a full spool, or left when the ledger was closed without one. */
  readonly dropped: number;
  /** Waiting, or being sent. */
  readonly pending: number;
  /** Calls of the transport that failed. */
  readonly failures: number;
}

/** Stamps events as one producer, and gives each to every transport. */
export class Emitter {
  readonly nextId: () => string;
  readonly #settings: LedgerSettings;
  readonly #runtime: Runtime;
  readonly #complain: Complain;
  readonly #deliveries: readonly Delivery[];
  readonly #instance_id: string;
  #seq = 0;

  constructor(settings: LedgerSettings, runtime: Runtime, complain: Complain) {
    this.#settings = settings;
    this.#runtime = runtime;
    this.#complain = complain;
    this.nextId = timeOrderedIds(runtime);
    this.#instance_id = this.nextId();
    this.#deliveries = settings.transports.map(
      (transport) =>
        new Delivery({
          ...settings,
          transport,
          spool: spoolFor(transport, settings, runtime),
          runtime,
          complain,
          reportDrops: this.#reportDrops,
        }),
    );
  }

  emit(run: RunIdentity, { event_type, ...columns }: EventBody): void {
    const event: Event = {
      event_id: this.nextId(),
      event_type,
      ...run,
      ...columns,
      created_at: new Date(this.#runtime.now()).toISOString(),
      schema_version: SCHEMA_VERSION,
      producer: this.#producer(),
    };
    this.#push(event, run);
  }

  /** Sends an event of the host's own: as it is, but masked, and with this producer's number. */
  send(event: Readonly<Record<string, unknown>>): void {
    const told = Object.entries(jsonValue(event) as object).filter(([, value]) => value !== null);
    const columns: Record<string, unknown> = Object.fromEntries(told);
    const [run_id, process_name] = [columns.run_id, columns.process_name ?? columns.pipeline_name].map((name) =>
      String(name ?? ''),
    ) as [string, string];
    this.#push({ ...columns, producer: this.#producer() }, { run_id, process_name, run_attempt: 1 });
  }

  stats(): LedgerStats {
    const each = this.#deliveries.map((delivery) => delivery.stats());
    const sum = (name: keyof DeliveryStats) => each.reduce((total, one) => total + one[name], 0);
    return {
      emitted: this.#seq,
      sent: sum('sent'),
      spooled: sum('spooled'),
      dropped: sum('dropped'),
      pending: sum('pending'),
      failures: sum('failures'),
    };
  }

  /** Where what could not be sent waits, a folder for each transport. */
  spools(): readonly Spool[] {
    return this.#deliveries.flatMap(({ spool }) => spool ?? []);
  }

  /** Nothing waits to be sent. */
  get isIdle(): boolean {
    return this.#deliveries.every((delivery) => delivery.isIdle);
  }

  /** Settles within `timeoutMs`; never rejects. */
  flush(timeoutMs: number, mode?: FlushMode): Promise<void> {
    return all(this.#deliveries.map((delivery) => delivery.flush(timeoutMs, mode)));
  }

  /** The same, and nothing after it. */
  close(timeoutMs: number): Promise<void> {
    return all(this.#deliveries.map((delivery) => delivery.close(timeoutMs)));
  }

  /** Sends or spools without waiting for the event loop. */
  closeNow(timeoutMs: number): void {
    const endMs = this.#runtime.elapsed() + timeoutMs;
    for (const delivery of this.#deliveries) delivery.closeNow(Math.max(0, endMs - this.#runtime.elapsed()));
  }

  #producer(): Event['producer'] {
    return { ...this.#settings.producer, instance_id: this.#instance_id, seq: ++this.#seq };
  }

  #push(event: object, run: RunIdentity): void {
    const bytes = attempt(() => lineOf(event), this.#complain);
    for (const delivery of this.#deliveries) {
      if (bytes) delivery.push({ bytes, run });
      else delivery.drop(1, run, 'an event could not be written as JSON');
    }
  }

  readonly #reportDrops = (count: number, run: RunIdentity): void =>
    this.emit(run, {
      event_type: 'METRIC',
      message: `${count} events of this producer were dropped before this one`,
      metrics: { 'runledger.events_dropped': count },
    });
}

const all = async (work: readonly Promise<void>[]): Promise<void> => void (await Promise.all(work));

export const spoolFor = (transport: Transport, settings: LedgerSettings, runtime: Runtime): Spool | undefined =>
  settings.spool !== undefined && typeof transport.name === 'string'
    ? new Spool(settings.spool, transport.name, settings.spoolLimits, () => runtime.now())
    : undefined;
