/** The version of this package, as every event names it. */
export const VERSION = '0.1.0';

/** The version of the event shape this package writes. */
export const SCHEMA_VERSION = '1';
