/** How long a silence is normal when no event promises heartbeats: 24 h, or twice the SLA where that is longer. */
export const DEFAULT_LEASE_MS = 86_400_000;

/** How long it is after a failure, when nothing else of the run is under way: 1 h. */
export const FAILED_LEASE_MS = 3_600_000;

/** No lease is longer than 24 days: beyond that no timer can wait. */
export const MAX_LEASE_MS = 24 * 86_400_000;
