import './build-functions.mjs';

/** What `cdk` runs in a clone: the functions are bundled, then the app describes the stack. */
await import('../bin/app.ts');
