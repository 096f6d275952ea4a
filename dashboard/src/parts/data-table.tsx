import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Gap, useVirtualRows } from './virtual-rows.tsx';

export interface ShownColumn<T> {
  readonly head: string;
  readonly cell: (row: T) => ComponentChildren;
  readonly isNumber?: boolean;
  /** What it is, for who rests on its head. */
  readonly means?: string;
}

const ROW_HEIGHT = 33;

/** Rows of anything, however many: only those in sight are drawn. */
export function DataTable<T>({
  label,
  columns,
  rows,
}: {
  readonly label: string;
  readonly columns: readonly ShownColumn<T>[];
  readonly rows: readonly T[];
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, until, above, below } = useVirtualRows(body, rows.length, ROW_HEIGHT);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="table-frame" tabIndex={0} aria-label={label}>
      <table class="data" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map(({ head, isNumber, means }) => (
              <th key={head} scope="col" class={isNumber ? 'number' : undefined} title={means}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Gap height={above} columns={columns.length} />
          {rows.slice(from, until).map((row, at) => (
            <tr key={from + at} aria-rowindex={from + at + 2}>
              {columns.map(({ head, cell, isNumber }) => (
                <td key={head} class={isNumber ? 'number' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Gap height={below} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}
