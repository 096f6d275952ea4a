import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { type DrawnRows, drawnRows } from './drawn-rows.ts';

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
