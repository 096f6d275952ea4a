import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../adapters/clock.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { Lines, linesOf } from '../adapters/file-system/lines.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import { openSegmentLog } from '../adapters/file-system/segment-log.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { errorMessage } from '../core/error-message.ts';
import { epochMsOf } from '../core/instant.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FOLDERS } from '../core/object-keys.ts';
import { startFold } from '../core/run/run-fold.ts';
import { acceptEach } from '../flows/accept.ts';
import { type Landing, land, type Quarantined } from '../flows/land.ts';
import type { FromIngest, IngestSettings, ToIngest } from './ingest-protocol.ts';

/** Accept and land, in a thread of their own: what Firehose and its transform do on AWS. */
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker thread');
const settings = workerData as IngestSettings;
const SEAL_CHECK_MS = 250;

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
  if (message.kind === 'seal') {
    for (const sealed of raw.seal()) tell({ kind: 'sealed', ...sealed });
    rejected.seal();
  }
  tell({ kind: 'done', id: message.id });
}

setInterval(sealDue, SEAL_CHECK_MS);

function sealDue(): void {
  for (const sealed of raw.sealDue()) tell({ kind: 'sealed', ...sealed });
  rejected.sealDue();
}

/** The accepted lines of the batch at hand. */
const lines = new Lines();

/** Answers only once everything is written. The sender sends a failed batch again: its events deduplicate. */
async function landBatch(id: number, records: readonly Uint8Array[]): Promise<void> {
  try {
    const receivedAt = systemClock.now();
    const rejections: Quarantined['rejections'][number][] = [];
    const oversized: Quarantined['oversized'][number][] = [];
    const fold = startFold();
    lines.clear();
    const counts = acceptEach(records, receivedAt, accept, (outcome) => {
      if ('rejection' in outcome) {
        rejections.push(outcome.rejection);
        return;
      }
      lines.add(outcome.line);
      fold.add(outcome.event);
      if (outcome.whole !== undefined) oversized.push({ event_key: outcome.event.event_key, text: outcome.whole });
    });
    const object = await land(segmentLanding(receivedAt), { lines, rejections, oversized });
    tell({ kind: 'landed', id, counts });
    if (object === undefined) return;
    tell({ kind: 'runs', object, event_dates: fold.eventDates(), runs: fold.runs() });
    // Under load the timer fires late, and segments would outgrow what one statement takes.
    sealDue();
  } catch (error) {
    tell({ kind: 'failed', id, message: errorMessage(error) });
  }
}

/** Lands in the open segments. Accepted lines answer the key of the object they will be found in; undefined: none. */
const segmentLanding = (arrived_at: string): Landing<Lines, string | undefined> => ({
  arrived_at,
  store,
  landRejected: async (rejections) => void rejected.append(linesOf(rejections)),
  landAccepted: async (accepted) => (accepted.count === 0 ? undefined : raw.append(accepted).object),
});
