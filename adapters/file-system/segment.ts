import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { makeFolder, PRIVATE_FILE, syncFolder } from './durable.ts';
import type { Lines } from './lines.ts';
import { isMissingFile } from './missing-file.ts';
import { fileOf, OPEN_SUFFIX } from './object-key.ts';

/** A sealed segment: an object that never changes again. */
export interface Sealed {
  readonly object: string;
  readonly lines: number;
  readonly size_bytes: number;
}

/** The file operations of a segment. Tests pass a disk that fails. */
export interface Disk {
  /** Returns how many bytes it wrote. */
  write(fd: number, bytes: Uint8Array, position: number): number;
  truncate(fd: number, sizeBytes: number): void;
  /** Returns once the file's content is on the disk. */
  sync(fd: number): void;
  /** Returns once the names in the folder are on the disk. */
  syncFolder(folder: string): void;
}

export const nodeDisk: Disk = {
  write: (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.byteLength, position),
  truncate: ftruncateSync,
  sync: fdatasyncSync,
  syncFolder,
};

/** A file of whole lines. Its name ends in `.open` until it is sealed. */
export class Segment {
  readonly object: string;
  readonly #file: string;
  readonly #disk: Disk;
  #fd: number | undefined;
  #isSealing = false;
  #sizeBytes = 0;
  #lines = 0;
  /** True: bytes of a failed append may follow the last whole line. */
  #torn = false;
  #renamed = false;

  constructor(root: string, object: string, disk: Disk) {
    this.object = object;
    this.#file = fileOf(root, object);
    this.#disk = disk;
    try {
      makeFolder(dirname(this.#file));
      this.#fd = openSync(`${this.#file}${OPEN_SUFFIX}`, 'wx+', PRIVATE_FILE);
    } catch (error) {
      throw this.#refusal('a new segment', error);
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Appends all lines in one write, or throws and appends none. */
  append({ bytes, count }: Lines, durably: boolean): void {
    if (this.#fd === undefined || this.#isSealing)
      throw new Error(`Expected an open segment, got ${this.object}, which is sealed.`);
    if (count === 0) return;
    try {
      this.#cut(this.#fd);
      this.#torn = true;
      const written = this.#disk.write(this.#fd, bytes, this.#sizeBytes);
      if (written !== bytes.length) throw new Error(`only ${written} bytes were written`);
      if (durably) this.#syncWithName(this.#fd);
    } catch (error) {
      this.#tryToCut(this.#fd);
      throw this.#refusal(`${bytes.length} bytes`, error);
    }
    this.#torn = false;
    this.#sizeBytes += bytes.length;
    this.#lines += count;
  }

  /** Seals the segment; removes it and returns undefined when it has no line. After a failure, call it again to continue. */
  seal(): Sealed | undefined {
    this.#isSealing = true;
    try {
      if (this.#fd !== undefined) this.#cut(this.#fd);
      if (this.#lines === 0) {
        rmSync(`${this.#file}${OPEN_SUFFIX}`, { force: true });
        this.#close();
        return undefined;
      }
      if (!this.#renamed) {
        if (this.#fd !== undefined) this.#disk.sync(this.#fd);
        this.#rename();
        this.#renamed = true;
      }
      this.#disk.syncFolder(dirname(this.#file));
      this.#close();
    } catch (error) {
      throw new Error(
        `Expected to seal ${this.#file}, got: ${errorMessage(error)}. ` +
          'Its lines stay where they are: check the folder, then seal again, or start again to recover them.',
        { cause: error },
      );
    }
    return { object: this.object, lines: this.#lines, size_bytes: this.#sizeBytes };
  }

  /** Whoever removed the folder has not removed the lines: the open file keeps them until it is closed. */
  #rename(): void {
    const open = `${this.#file}${OPEN_SUFFIX}`;
    try {
      renameSync(open, this.#file);
    } catch (error) {
      if (!isMissingFile(error) || this.#fd === undefined) throw error;
      makeFolder(dirname(this.#file));
      writeFileSync(open, this.#content(this.#fd), { mode: PRIVATE_FILE, flush: true });
      renameSync(open, this.#file);
    }
  }

  #content(fd: number): Uint8Array {
    const content = new Uint8Array(this.#sizeBytes);
    for (let at = 0; at < content.length; ) {
      const read = readSync(fd, content, at, content.length - at, at);
      if (read === 0) throw new Error(`only ${at} of ${content.length} bytes of the removed file can be read`);
      at += read;
    }
    return content;
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }

  #cut(fd: number): void {
    if (!this.#torn) return;
    this.#disk.truncate(fd, this.#sizeBytes);
    this.#torn = false;
  }

  /** Never throws: when this fails, the next append or seal cuts first. */
  #tryToCut(fd: number): void {
    try {
      this.#cut(fd);
    } catch {
      // The caller throws the failure that led here.
    }
  }

  /** A power cut that loses a file's name loses the file, so the first sync of a segment includes its folder. */
  #syncWithName(fd: number): void {
    this.#disk.sync(fd);
    if (this.#sizeBytes === 0) this.#disk.syncFolder(dirname(this.#file));
  }

  #refusal(wanted: string, cause: unknown): Error {
    return new Error(
      `Expected room for ${wanted} in ${dirname(this.#file)}, got: ${errorMessage(cause)}. ` +
        'Nothing of this batch was taken: free space there, then send it again.',
      { cause },
    );
  }
}
