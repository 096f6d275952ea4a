import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import { PREFIXES } from './prefixes.ts';

export interface KeptDays {
  readonly rawArchiveAfterDays: number;
  /** Undefined: raw lines are kept for ever. */
  readonly rawExpireAfterDays: number | undefined;
  /** Who asked what is kept as long as what they could read. */
  readonly logsKeptDays: number;
}

/** Deletes by age only copies and short-lived files, and raw lines if so configured. Tables expire their rows by SQL. */
export function lifecycle({
  rawArchiveAfterDays: archiveAfterDays,
  rawExpireAfterDays: expireAfterDays = Number.POSITIVE_INFINITY,
  logsKeptDays,
}: KeptDays): LifecycleRule[] {
  const kept = [PREFIXES.raw, PREFIXES.rejected, PREFIXES.oversize].map(
    (prefix): LifecycleRule => ({
      prefix,
      // S3 refuses a rule that deletes before, or on the day, it would archive.
      ...(expireAfterDays <= archiveAfterDays
        ? {}
        : {
            transitions: [
              {
                storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
                transitionAfter: Duration.days(archiveAfterDays),
              },
            ],
          }),
      ...(expireAfterDays === Number.POSITIVE_INFINITY ? {} : { expiration: Duration.days(expireAfterDays) }),
    }),
  );
  return [
    ...kept,
    { prefix: PREFIXES.access, expiration: Duration.days(logsKeptDays) },
    { prefix: PREFIXES.reports, expiration: Duration.days(logsKeptDays) },
    { prefix: PREFIXES.results, expiration: Duration.days(7) },
    // Firehose's envelopes hold unmasked records; the ledger accepts those again within minutes. What expires becomes a
    // noncurrent version first, which anybody who may read versions can read: both periods together are 14 days.
    { prefix: PREFIXES.failed, expiration: Duration.days(13), noncurrentVersionExpiration: Duration.days(1) },
    { noncurrentVersionExpiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(7) },
    { expiredObjectDeleteMarker: true },
  ];
}
