import './node-version.mjs';

/**
 * `node:sqlite` for the bundles. An older Node fails on the import itself, before any code could say why; asked for
 * like this it is there or it is not, and the check above speaks first.
 */
export const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
