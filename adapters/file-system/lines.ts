/** A UTF-16 code unit takes three bytes of UTF-8 at most. */
const MOST_BYTES = 3;

/**
 * A batch of lines to append, as UTF-8 with line ends. `add` copies each line at once, so that no string of a large batch
 * outlives the garbage collector's young generation. `clear` keeps the memory: allocating it costs ten times as much.
 */
export class Lines {
  #buffer = Buffer.allocUnsafe(64 * 1024);
  #sizeBytes = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** A view of the batch: lines added after `clear` overwrite it. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#sizeBytes);
  }

  /** Throws when the line is empty or has a line break: it would be read as another number of lines. */
  add(line: string): void {
    if (line === '' || line.includes('\n')) throw refused(line);
    const needed = this.#sizeBytes + line.length * MOST_BYTES + 1;
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#sizeBytes += this.#buffer.write(line, this.#sizeBytes);
    this.#buffer[this.#sizeBytes++] = 0x0a;
    this.#count += 1;
  }

  clear(): void {
    this.#sizeBytes = 0;
    this.#count = 0;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#sizeBytes);
    this.#buffer = larger;
  }
}

export function linesOf(texts: Iterable<string>): Lines {
  const lines = new Lines();
  for (const text of texts) lines.add(text);
  return lines;
}

const refused = (line: string): Error =>
  new Error(
    `Expected lines of JSON that are not empty and hold no line break, got ${JSON.stringify(line.slice(0, 80))}. ` +
      'Nothing of this batch was taken: split the text into lines first.',
  );
