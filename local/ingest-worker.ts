import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../adapters/clock.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { Lines, linesOf } from '../adapters/file-system/lines.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import { probe } from '../adapters/file-system/probe.ts';
import { openSegmentLog, recoverSegments } from '../adapters/file-system/segment-log.ts';
import type { Decision } from '../core/accept/rejection.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { errorMessage } from '../core/error-message.ts';
import { epochMsOf } from '../core/instant.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FOLDERS } from '../core/object-keys.ts';
import { startFold } from '../core/run/run-fold.ts';
import { acceptEach, oversizedOf, resentOf } from '../flows/accept.ts';
import { type Landing, land, type Quarantined } from '../flows/land.ts';
import type { FromIngest, ToIngest, WorkerSettings } from './ingest-protocol.ts';

/** Accept and land, in a thread of their own: what Firehose and its transform do on AWS. */
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
const settings = workerData as WorkerSettings;
const SEAL_CHECK_MS = 250;
const PROBE_EVERY_MS = 1_000;

const accept: AcceptSettings = {
  environment: settings.environment,
  zone: settings.zone,
  keepUserEmail: settings.keepUserEmail,
  userSalt: settings.userSalt,
  mask: maskOf({ patterns: settings.maskPatterns }),
  hash: contentHash,
};
const now = () => epochMsOf(systemClock.now());
const raw = openSegmentLog({ root: settings.root, prefix: FOLDERS.raw, now, fsync: settings.fsync });
const rejected = openSegmentLog({ root: settings.root, prefix: FOLDERS.rejected, now, fsync: settings.fsync });
const store = openObjectStore(settings.root);

const tell = (message: FromIngest): void => port.postMessage(message);

/** What sealing, and landing, last failed with. Each is tried again until it works. */
const failing: { sealing?: string | undefined; landing?: string | undefined } = {};
let isTroubled = false;

function tellTrouble(): void {
  const cause = failing.sealing ?? failing.landing ?? null;
  if (cause !== null || isTroubled) tell({ kind: 'trouble', cause });
  isTroubled = cause !== null;
}

/** Does what may fail with the disk, and keeps why it failed. */
function trying(what: 'sealing' | 'landing', work: () => void): void {
  try {
    work();
    failing[what] = undefined;
  } catch (error) {
    failing[what] = errorMessage(error);
  }
}

const sealEach = (seal: 'seal' | 'sealDue'): void => {
  trying('sealing', () => {
    recover();
    try {
      for (const sealed of raw[seal]()) tell({ kind: 'sealed', ...sealed });
    } finally {
      rejected[seal]();
    }
  });
  tellTrouble();
};

/** Before a line is landed: afterwards a segment of this worker would be taken for one that was left open. */
let isRecovered = !settings.recover;
function recover(): void {
  if (isRecovered) return;
  for (const sealed of recoverSegments(settings.root, FOLDERS.raw)) tell({ kind: 'sealed', ...sealed });
  recoverSegments(settings.root, FOLDERS.rejected);
  isRecovered = true;
}

/** Handles messages one after the other: a `seal` or `sync` answers for everything that was sent before it. */
let last: Promise<void> = Promise.resolve();
port.on('message', (message: ToIngest) => {
  last = last.then(() => handle(message));
});

async function handle(message: ToIngest): Promise<void> {
  if (message.kind === 'send') {
    await landBatch(message.id, message.records);
    return;
  }
  if (message.kind === 'seal') sealEach('seal');
  tell({ kind: 'done', id: message.id });
}

setInterval(() => sealEach('sealDue'), SEAL_CHECK_MS);
// While lines cannot be landed nobody may be sending any: only a try of its own shows that they can be again.
setInterval(() => {
  if (failing.landing === undefined) return;
  trying('landing', () => probe(settings.root, FOLDERS.raw));
  tellTrouble();
}, PROBE_EVERY_MS);

/** The accepted lines of the batch at hand. */
const lines = new Lines();

/** Answers only once everything is written. The sender sends a failed batch again: its events deduplicate. */
async function landBatch(id: number, records: readonly Uint8Array[]): Promise<void> {
  try {
    recover();
    const receivedAt = systemClock.now();
    const rejections: Quarantined['rejections'][number][] = [];
    const oversized: Quarantined['oversized'][number][] = [];
    const resent: Decision[] = [];
    const fold = startFold();
    lines.clear();
    const counts = acceptEach(records, receivedAt, accept, (outcome) => {
      oversized.push(...oversizedOf(outcome));
      if ('rejection' in outcome) {
        rejections.push(outcome.rejection);
        return;
      }
      lines.add(outcome.line);
      fold.add(outcome.event);
      resent.push(...resentOf(outcome, receivedAt));
    });
    const object = await land(segmentLanding(receivedAt), { lines, rejections, oversized, resent });
    failing.landing = undefined;
    tell({ kind: 'landed', id, counts });
    if (object !== undefined) {
      tell({ kind: 'runs', object, event_dates: fold.eventDates(), runs: JSON.stringify(fold.runs()) });
    }
  } catch (error) {
    failing.landing = errorMessage(error);
    tell({ kind: 'failed', id, message: failing.landing });
  }
  // Under load the timer fires late, and segments would outgrow what one statement takes.
  sealEach('sealDue');
}

/** Lands in the open segments. Accepted lines answer the key of the object they will be found in; undefined: none. */
const segmentLanding = (arrived_at: string): Landing<Lines, string | undefined> => ({
  arrived_at,
  store,
  landRejected: async (rejections) => void rejected.append(linesOf(rejections)),
  landAccepted: async (accepted) => (accepted.count === 0 ? undefined : raw.append(accepted).object),
  landDecisions: async (decisions) => void rejected.append(linesOf(decisions)),
});
