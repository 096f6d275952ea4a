import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Which rows are drawn: those in sight and some around them. */
export interface DrawnRows {
  readonly from: number;
  readonly until: number;
  /** Height of what is not drawn above and below, in pixels. */
  readonly above: number;
  readonly below: number;
}

const AROUND = 12;

/** Of `count` rows of one height, those that a window onto them shows. `top`: how far the first row is above the window's edge. */
export function drawnRows(count: number, rowHeight: number, top: number, windowHeight: number): DrawnRows {
  const first = Math.floor(top / rowHeight) - AROUND;
  const from = Math.max(0, Math.min(first - (first % 2), count));
  const until = Math.min(count, Math.max(from, Math.ceil((top + windowHeight) / rowHeight) + AROUND));
  return { from, until, above: from * rowHeight, below: (count - until) * rowHeight };
}

/** The rows to draw of a list that scrolls with the page. Short lists are drawn whole. */
export function useVirtualRows(list: RefObject<HTMLElement | null>, count: number, rowHeight: number): DrawnRows {
  const [drawn, setDrawn] = useState(() => drawnRows(count, rowHeight, 0, 1_000));
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = -(list.current?.getBoundingClientRect().top ?? 0);
      const next = drawnRows(count, rowHeight, top, innerHeight);
      setDrawn((before) =>
        before.from === next.from && before.until === next.until && before.below === next.below ? before : next,
      );
    };
    const plan = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', plan, { passive: true });
    addEventListener('resize', plan);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', plan);
      removeEventListener('resize', plan);
    };
  }, [list, count, rowHeight]);
  return drawn;
}

/** Takes the place of rows that are not drawn. */
export function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  return height === 0 ? null : (
    <tr class="gap" style={{ height: `${height}px` }}>
      <td colSpan={columns} />
    </tr>
  );
}
