/** When something ran, in milliseconds; `endMs` null: it still runs, until the end of the picture. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number | null;
}

/**
 * One bar per span, all on one scale: what ran at the same time stands one below the other. Each bar is `width`
 * characters; the shortest span still shows. Spans outside of the whole are drawn at its edge.
 */
export function timelineOf(
  whole: { readonly startMs: number; readonly endMs: number },
  spans: readonly Span[],
  width: number,
): readonly string[] {
  const lengthMs = Math.max(1, whole.endMs - whole.startMs);
  const placeOf = (timeMs: number): number => Math.min(1, Math.max(0, (timeMs - whole.startMs) / lengthMs)) * width;
  return spans.map(({ startMs, endMs }) => {
    const first = Math.min(width - 1, Math.round(placeOf(startMs)));
    const last = Math.max(first + 1, Math.round(placeOf(endMs ?? whole.endMs)));
    const bar = '━'.repeat(last - first);
    const open = endMs === null ? `${bar.slice(1)}╸` : bar;
    return `${'·'.repeat(first)}${open}${'·'.repeat(width - last)}`;
  });
}
