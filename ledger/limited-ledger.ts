import type { Answer } from '../core/ports/answer-engine.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { ShownRun } from '../core/run/shown-run.ts';
import { ofAll } from '../core/token/limit-errors.ts';
import type { Limits } from '../core/token/limits.ts';
import type { FolderLedger, LedgerApi } from './api.ts';
import { limitedAlerts, type Refuse } from './limited-alerts.ts';
import { limitedRecovery } from './limited-recovery.ts';
import { type OwnerOf, theirsOf } from './theirs.ts';

/** What decides what is theirs. */
export interface LimitedPorts {
  readonly limits: Limits;
  readonly ownerOf: OwnerOf;
  /** Takes the events that they may send, and throws `NotTheirsError` for others. */
  readonly sink: EventSink;
  /** Answers a named question of what is theirs, or throws `NotTheirsError`. */
  readonly ask: AskQuestion;
}

/** Asks a named question. Throws `QueryRejectedError` when there is none of that name, or what was given does not fit it. */
export type AskQuestion = (name: string, given: Readonly<Record<string, string>>) => Promise<Answer>;

/** A ledger as the holder of a limited token may see it and act on it. */
export type LimitedLedger<L extends LedgerApi = LedgerApi> = L & { readonly ask: AskQuestion };

/**
 * A ledger of which only what is theirs can be seen and acted on. What exists and is not theirs is answered as what does
 * not exist; what is of all is refused with `NotTheirsError`. Each method is written out, so that one that the ledger gains
 * later is a decision.
 */
export function limitedLedger(ledger: LedgerApi, ports: LimitedPorts): LimitedLedger {
  const { limits, ownerOf } = ports;
  const answers = limitedAnswers(ledger, ports);
  return {
    ...answers,
    recovery: limitedRecovery(ledger.recovery, answers, theirsOf(limits, ownerOf), refusing(limits)),
  };
}

/** The same of one that starts no runs. */
export function limitedAnswers(
  ledger: Pick<LedgerApi, 'runs' | 'show' | 'alerts'>,
  ports: LimitedPorts,
): Omit<LimitedLedger, 'recovery'> {
  const { limits, sink, ownerOf } = ports;
  // What keeps a ledger from its work names what is of all.
  const ask: AskQuestion = async (name, given) => {
    const { note, ...answer } = await ports.ask(name, given);
    return note === undefined ? answer : { ...answer, note: LACKS };
  };
  const theirs = theirsOf(limits, ownerOf);
  const refuse = refusing(limits);
  return {
    ask,
    send: (records) => sink.send(records),
    runs: (filter) =>
      theirs.latest(
        (environment, limit) => ledger.runs({ ...filter, environment, limit }),
        filter,
        (run) => theirs.has(pipelineOfRun(run)),
        beganAt,
      ),
    show: async (filter) => {
      const found = theirs.environmentsOf(filter).map((environment) => ledger.show({ ...filter, environment }));
      return theirs.filter((await Promise.all(found)).flat(), ({ run }) => theirs.has(pipelineOfRun(run)));
    },
    query: refuse('SQL of its own reads the rows of all'),
    dismiss: refuse('rejected lines are of nobody'),
    parkedObjects: refuse(RAW_FILES),
    retryObjects: refuse(RAW_FILES),
    forgetObjects: refuse(RAW_FILES),
    rebuild: refuse(RAW_FILES),
    alerts: limitedAlerts(ledger.alerts, limits, theirs, refuse),
    // The ledger is not theirs to close.
    close: async () => undefined,
  };
}

const LACKS = 'the tables may lack the newest events, which are kept; ask again in a while';
const RAW_FILES = 'the raw files hold the lines of all';

/** The same of a ledger of a folder. */
export function limitedFolderLedger(ledger: FolderLedger, ports: LimitedPorts): LimitedLedger<FolderLedger> {
  const refuse = refusing(ports.limits);
  return {
    ...limitedLedger(ledger, ports),
    summary: refuse('the files and counts of the ledger are of all'),
    inspect: refuse(RAW_FILES),
    settle: () => ledger.settle(),
  };
}

const refusing =
  (limits: Limits): Refuse =>
  (why) =>
  async () => {
    throw ofAll(limits, why);
  };

const pipelineOfRun = ({ environment, process_name }: ShownRun): PipelineKey => ({
  environment: environment ?? '',
  process_name: process_name ?? '',
});

const beganAt = ({ start_time, queued_at, first_event_at }: ShownRun): string =>
  start_time ?? queued_at ?? first_event_at ?? '';
