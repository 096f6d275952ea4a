/** Another ledger holds the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}
