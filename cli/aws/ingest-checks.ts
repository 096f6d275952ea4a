import type { FirehoseClient } from '@aws-sdk/client-firehose';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { readStream, type StreamState } from '../../adapters/firehose/stream-state.ts';
import { readFunction } from '../../adapters/lambda/function-state.ts';
import { waitingMessages } from '../../adapters/sqs/waiting-messages.ts';
import { counted } from '../../core/format.ts';
import { dateOf } from '../../core/instant.ts';
import { rawFolder } from '../../core/object-keys.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { VERSION } from '../../ledger/version.ts';
import { type Check, fail, ok, warn } from '../doctor/check.ts';
import type { Outputs } from './outputs.ts';

interface Clients {
  readonly firehose: FirehoseClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
}

/** The way in: the stream, what accepts its records, where they land, and what was given up on the way. */
export function ingestChecks(
  { firehose, lambda, sqs }: Clients,
  { store }: { readonly store: ObjectStore },
  { StreamName, BucketName, UntrackedQueueUrl, UndoneQueueUrl }: Outputs,
  clock: Clock,
): readonly Check[] {
  const stream = readStream(firehose, StreamName);
  // Both links that need it say why it cannot be had.
  stream.catch(() => undefined);
  return [
    { link: 'stream', run: async () => streamFinding(StreamName, await stream) },
    { link: 'transform', run: async () => transformFinding(lambda, await stream) },
    {
      link: 'bucket',
      run: async () => {
        const day = dateOf(clock.now());
        let objects = 0;
        for await (const _ of store.list(rawFolder(day))) {
          objects += 1;
          if (objects === MANY) break;
        }
        return ok(
          `${BucketName}, ${objects === MANY ? `${MANY} objects or more` : counted(objects, 'object')} landed on ${day} (UTC)`,
        );
      },
    },
    {
      link: 'untracked',
      run: async () =>
        queueFinding(
          await waitingMessages(sqs, UntrackedQueueUrl),
          'of objects that could not be tracked',
          'read the log of TrackRuns, fix the cause, then start a redrive to the source of the queue',
        ),
    },
    {
      link: 'undone',
      run: async () =>
        queueFinding(
          await waitingMessages(sqs, UndoneQueueUrl),
          'of calls that were given up',
          'read what was not done, and whether somebody should have been told; then purge the queue',
        ),
    },
  ];
}

const MANY = 1000;

function streamFinding(name: string, { status, failure }: StreamState) {
  const found = `${name}, ${status}${failure === undefined ? '' : `: ${failure}`}`;
  return status === 'ACTIVE' ? ok(found) : fail(found, 'producers cannot send: deploy the stack again');
}

async function transformFinding(lambda: LambdaClient, { transform }: StreamState) {
  if (transform === undefined) {
    return fail('the stream has no transform: lines land as they came, unmasked', 'deploy the stack again');
  }
  const { name, state, last_update, why, version } = await readFunction(lambda, transform);
  const found = `${name}, ${state}, version ${version ?? 'not known'}`;
  if (!CALLABLE.has(state) || last_update === 'Failed') {
    return fail(`${found}, last update ${last_update}${why === undefined ? '' : `: ${why}`}`, 'deploy the stack again');
  }
  return version === VERSION
    ? ok(found)
    : warn(`${found}, but this program is ${VERSION}`, 'deploy the stack with the version that this program is of');
}

/** "Inactive: the function has been idle …; the next call makes it active" (Lambda: function states). */
const CALLABLE: ReadonlySet<string> = new Set(['Active', 'Inactive']);

const queueFinding = (waiting: number, what: string, todo: string) =>
  waiting === 0 ? ok('no message waits') : fail(`${counted(waiting, 'message')} ${what}`, todo);
