import widthOf from 'string-width';
import { plain } from './format.ts';
import type { Screen, Style } from './screen.ts';

/** A column of a table, and what becomes of it where there is little room. */
export interface TableColumn {
  readonly head: string;
  readonly align?: 'left' | 'right';
  /** What must be readable whole, to be typed again: cut last. */
  readonly keep?: boolean;
  /** Left out rather than cut what is kept: the lowest first. */
  readonly optional?: number;
  /** How far it may be cut. Default 6. */
  readonly least?: number;
}

/** What stands in a cell, and how it is painted. */
export type Cell = string | { readonly text: string; readonly style: Style };

const GUTTER = 2;
const LEAST_WIDTH = 6;

interface SizedColumn extends TableColumn {
  readonly index: number;
  readonly width: number;
}

/**
 * Lines of a table: a head, then a line per row; on a terminal no wider than it. Undefined when not even cut columns fit.
 * The text of cells may be hostile.
 */
export function tableOf(
  columns: readonly TableColumn[],
  rows: readonly (readonly Cell[])[],
  screen: Pick<Screen, 'width' | 'paint'>,
): readonly string[] | undefined {
  const texts = rows.map((row) => columns.map((_, index) => plain(textOf(row[index] ?? ''))));
  const natural = columns.map((column, index) => ({
    ...column,
    index,
    width: texts.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(column.head)),
  }));
  const sized = screen.width === undefined ? natural : fitted(natural, screen.width);
  if (sized === undefined) return undefined;
  const lineOf = (textAt: (column: SizedColumn) => string, styleAt: (index: number) => Style | undefined): string =>
    sized
      .map((column) => {
        const text = cut(textAt(column), column.width);
        const pad = ' '.repeat(Math.max(0, column.width - widthOf(text)));
        const style = styleAt(column.index);
        const painted = style && text !== '' ? screen.paint(style, text) : text;
        return column.align === 'right' ? pad + painted : painted + pad;
      })
      .join(' '.repeat(GUTTER))
      .trimEnd();
  return [
    lineOf(
      ({ head }) => head,
      () => 'bold',
    ),
    ...rows.map((row, at) =>
      lineOf(
        ({ index }) => texts[at]?.[index] ?? '',
        (index) => styleIn(row[index]),
      ),
    ),
  ];
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);
const styleIn = (cell: Cell | undefined): Style | undefined => (typeof cell === 'object' ? cell.style : undefined);

const widthOfAll = (columns: readonly SizedColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width, GUTTER * (columns.length - 1));

/** Cuts what may be cut; when that is not enough leaves out what is optional; cuts what should be kept in the end. */
function fitted(columns: readonly SizedColumn[], width: number): readonly SizedColumn[] | undefined {
  const narrowed = narrow(columns, width, (column) => !column.keep);
  if (widthOfAll(narrowed) <= width) return narrowed;
  const optional = columns.filter((column) => column.optional !== undefined);
  if (optional.length > 0) {
    const first = optional.reduce((a, b) => ((b.optional ?? 0) < (a.optional ?? 0) ? b : a));
    return fitted(
      columns.filter((column) => column !== first),
      width,
    );
  }
  const narrowest = narrow(narrowed, width, () => true);
  return widthOfAll(narrowest) <= width ? narrowest : undefined;
}

/** Takes from the widest, as long as it takes. */
function narrow(
  columns: readonly SizedColumn[],
  width: number,
  mayCut: (column: SizedColumn) => boolean,
): readonly SizedColumn[] {
  const left = [...columns];
  for (let excess = widthOfAll(left) - width; excess > 0; excess--) {
    const wide = left.filter((column) => mayCut(column) && column.width > (column.least ?? LEAST_WIDTH));
    if (wide.length === 0) break;
    const widest = wide.reduce((a, b) => (b.width > a.width ? b : a));
    left[left.indexOf(widest)] = { ...widest, width: widest.width - 1 };
  }
  return left;
}

/** No wider than that; what was cut ends with `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
