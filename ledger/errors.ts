/** Another ledger holds the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/** A served ledger lets the holder of this token not do it: its roles, or what it is limited to, do not allow it. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}
