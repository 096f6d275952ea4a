import type { ComponentChildren } from 'preact';
import { Refused } from '../http/ask.ts';
import type { Data } from '../http/use-data.ts';

/** Shows data once they are there, and says what to do when they cannot be had. */
export function Loaded<T>({
  data,
  children,
  what,
}: {
  readonly data: Data<T>;
  readonly children: (value: T) => ComponentChildren;
  /** Completes "cannot read …". */
  readonly what: string;
}) {
  const { value, error, isLoading, reload } = data;
  return (
    <>
      {error !== undefined && <Failure error={error} what={what} again={reload} isStale={value !== undefined} />}
      {isLoading && <Waiting />}
      {value !== undefined && children(value)}
    </>
  );
}

/** Lines of the size of what will come, so that nothing jumps when it does. */
export function Waiting({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div class="waiting" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => (
        <div key={at} />
      ))}
    </div>
  );
}

export function Failure({
  error,
  what,
  again,
  isStale = false,
}: {
  readonly error: Error;
  readonly what: string;
  readonly again?: () => void;
  readonly isStale?: boolean;
}) {
  const isAway = !(error instanceof Refused);
  return (
    <div class="failure" role="alert">
      <strong>Cannot read {what}.</strong> {error.message}.{isStale && ' Below is what came last.'}
      {isAway && ' The page tries again by itself.'}
      {again && (
        <button type="button" class="small" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Nothing is there: what would make it so. */
export function Empty({
  title,
  isView = false,
  children,
}: {
  readonly title: string;
  /** Nothing else is in the view. */
  readonly isView?: boolean;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {isView ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  readonly title: ComponentChildren;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly id?: string;
}) {
  return (
    <section class="section" id={id}>
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
