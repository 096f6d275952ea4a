import { laterOfEcs, ofAws } from './aws.ts';
import { type Found, joined } from './found.ts';
import { ofOrchestrator } from './orchestrators.ts';
import { orNothing, type Surroundings } from './surroundings.ts';
import { ofProcess } from './this-process.ts';

/** The most exact last: what a platform says of a run counts more than what its machine says. */
const FINDERS = [ofAws, ofDatabricks, ofOrchestrator];

/**
 * What a run can find out by itself about where it runs. Best effort: nothing here throws, and nothing waits. What
 * must be asked over the network comes later.
 */
export class Context {
  readonly #surroundings: Surroundings;
  /** Stays the same: it is looked at once. */
  #ofProcess: Found | undefined;
  #later: Found = {};
  #asked = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The options of a run, with what was found for those that are not given. */
  with(given: object): Record<string, unknown> {
    const found = FINDERS.map((find) => orNothing(() => find(this.#surroundings)) ?? {});
    this.#ofProcess ??= orNothing(() => ofProcess(this.#surroundings)) ?? {};
    return [this.#ofProcess, ...found, this.#later, { ...given }].reduce<Record<string, unknown>>(joined, {});
  }

  /** Asks once for what must be asked for, and calls `then` when that is known: runs under way learn it for their end. */
  askFor(then: () => void): void {
    if (this.#asked) return;
    this.#asked = true;
    void orNothing(() => laterOfEcs(this.#surroundings))?.then(
      (found) => {
        this.#later = found;
        then();
      },
      () => undefined,
    );
  }

  /** How much memory is used, for heartbeats. */
  memory(): Record<string, number> {
    const bytes = orNothing(() => this.#surroundings.memoryBytes());
    return bytes === undefined ? {} : { memory_used_mb: Math.round((bytes / 1_048_576) * 10) / 10 };
  }
}

function ofDatabricks(surroundings: Surroundings): Found {
  const databricks_runtime = surroundings.env().DATABRICKS_RUNTIME_VERSION;
  return databricks_runtime ? { tags: { platform: 'databricks', databricks_runtime } } : {};
}
