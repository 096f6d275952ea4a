import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../adapters/clock.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { Lines, linesOf } from '../adapters/file-system/lines.ts';
import { openSegmentLog } from '../adapters/file-system/segment-log.ts';
import type { AcceptSettings } from '../core/accept/draft.ts';
import { rejectedLine } from '../core/accept/rejection.ts';
import { errorMessage } from '../core/error-message.ts';
import { epochMsOf } from '../core/instant.ts';
import { maskOf } from '../core/mask/mask.ts';
import { oversizeKey } from '../core/object-keys.ts';
import { acceptEach } from '../flows/accept.ts';
import { startFold } from '../flows/track.ts';
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
  mask: maskOf({ patterns: settings.maskPatterns }),
  hash: contentHash,
};
const now = () => epochMsOf(systemClock.now());
const raw = openSegmentLog({ root: settings.root, prefix: 'raw', now, fsync: settings.fsync });
const rejected = openSegmentLog({ root: settings.root, prefix: 'rejected', now, fsync: settings.fsync });

const tell = (message: FromIngest): void => port.postMessage(message);

port.on('message', (message: ToIngest) => {
  if (message.kind === 'send') {
    land(message.id, message.records);
    return;
  }
  if (message.kind === 'seal') {
    for (const sealed of raw.seal()) tell({ kind: 'sealed', ...sealed });
    rejected.seal();
  }
  tell({ kind: 'done', id: message.id });
});

setInterval(sealDue, SEAL_CHECK_MS);

function sealDue(): void {
  for (const sealed of raw.sealDue()) tell({ kind: 'sealed', ...sealed });
  rejected.sealDue();
}

/** Those of the batch at hand. */
const lines = new Lines();

/** Answers only once everything is written. A batch that fails half way is sent again: its events deduplicate. */
function land(id: number, records: readonly Uint8Array[]): void {
  try {
    const receivedAt = systemClock.now();
    const rejections: string[] = [];
    const fold = startFold();
    lines.clear();
    acceptEach(records, receivedAt, accept, (outcome) => {
      if ('rejection' in outcome) {
        rejections.push(rejectedLine(outcome.rejection));
        return;
      }
      lines.add(outcome.line);
      fold.add(outcome.event);
      if (outcome.whole !== undefined) keepWhole(oversizeKey(outcome.event.event_key, receivedAt), outcome.whole);
    });
    const counts = { received: lines.count + rejections.length, accepted: lines.count, rejected: rejections.length };
    if (rejections.length > 0) rejected.append(linesOf(rejections));
    if (lines.count === 0) {
      tell({ kind: 'landed', id, counts });
      return;
    }
    const { object } = raw.append(lines);
    tell({ kind: 'landed', id, counts });
    tell({ kind: 'runs', object, event_dates: fold.eventDates(), runs: fold.runs() });
    // Under load the timer comes late, and segments would outgrow what one statement takes.
    sealDue();
  } catch (error) {
    tell({ kind: 'failed', id, message: errorMessage(error) });
  }
}

function keepWhole(key: string, text: string): void {
  const path = join(settings.root, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flush: true });
}
