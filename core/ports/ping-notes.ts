import type { PingNote } from '../ping-notes.ts';

/** Notes on the runs of pipelines that are pinged, for servers that several processes make up. */
export interface PingNotes {
  /**
   * Changes the notes of one pipeline, atomically: `change` is given what is stored, and is called again when another
   * writer came between. Throws when the store cannot be reached or written.
   */
  changeNotes(of: PingedPipeline, change: (notes: readonly PingNote[]) => readonly PingNote[]): Promise<void>;
}

export interface PingedPipeline {
  readonly environment: string;
  readonly process_name: string;
}
