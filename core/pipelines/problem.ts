/** What is wrong, or doubtful, in a file of pipelines, and where. */
export interface Problem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Such as `pipelines.orders_*.schedule.cron`; empty for the file as a whole. */
  readonly path: string;
  /** Expected and got, then what to do. */
  readonly message: string;
}

/** As people and editors read it: `pipelines.yaml:12:5 pipelines.orders.schedule.cron: expected …`. */
export const problemShown = (file: string, { line, column, path, message }: Problem): string =>
  `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;

type Path = readonly PropertyKey[];

export const pathShown = (path: Path): string => path.map(String).join('.');
