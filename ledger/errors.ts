/** Another ledger holds the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}
