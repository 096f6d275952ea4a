import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useZone } from '../time/zones.ts';
import type { Line } from './chart-line.ts';

export interface ChartProps {
  readonly label: string;
  /** Moments, ascending. Milliseconds since 1970; or, with `isCount`, plain numbers. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  /** How a value reads. */
  readonly show: (value: number) => string;
  /** Two lines, by their place, between which the usual lies. */
  readonly band?: readonly [upper: number, lower: number];
  readonly height?: number;
  readonly onOpen?: (index: number) => void;
}

/** Values over time. What it shows stands in a sentence too, for who cannot see it. */
export function Chart({ label, at, lines, show, band, height = 190, onOpen }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const zone = useZone();
  useEffect(() => {
    const element = frame.current;
    if (element === null || at.length === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour('--ink-2'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
        cursor: { y: false, points: { size: 7 } },
        legend: { live: true, isolate: false },
        scales: { y: { range: (_plot, _min, max) => [0, Math.max(max ?? 1, Number.MIN_VALUE) * 1.05] } },
        axes: [
          { ...axis, values: (_plot, seconds) => ticksShown(seconds, zone) },
          { ...axis, size: 84, values: (_plot, values) => values.map(show) },
        ],
        series: [
          { label: 'Time', value: (_plot, seconds) => (seconds === null ? '–' : timeShown(seconds, zone)) },
          ...lines.map((line): uPlot.Series => seriesOf(line, colour, show)),
        ],
        ...(band && { bands: [{ series: [band[0] + 1, band[1] + 1], fill: `${colour('--fill-live')}2e` }] }),
      },
      [at.map((ms) => ms / 1000), ...lines.map(({ values }) => [...values])],
      element,
    );
    const open = (): void => {
      const index = plot.cursor.idx;
      if (onOpen !== undefined && typeof index === 'number') onOpen(index);
    };
    plot.over.addEventListener('click', open);
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [at, lines, band, height, zone, show, onOpen]);
  return (
    <div
      class={`chart ${onOpen ? 'opens' : ''}`}
      ref={frame}
      role="img"
      aria-label={`${label}. ${summaryOf(lines, show)}`}
    />
  );
}

/** Times of day over a day or two, dates over more. */
function ticksShown(seconds: readonly number[], zone: string): string[] {
  const [first = 0, last = 0] = [seconds[0], seconds.at(-1)];
  const part = last - first > 2 * 86_400 ? ([5, 10] as const) : ([11, 16] as const);
  return seconds.map((each) => timeShown(each, zone).slice(...part));
}

const timeShown = (seconds: number, zone: string): string =>
  new Date(seconds * 1000).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16);

function seriesOf(
  { label, colour: name, shape = 'line' }: Line,
  colour: (name: string) => string,
  show: (value: number) => string,
): uPlot.Series {
  const stroke = colour(name);
  const base: uPlot.Series = {
    label,
    stroke,
    value: (_plot, value) => (value === null ? '–' : show(value)),
    spanGaps: true,
  };
  switch (shape) {
    case 'points':
      return { ...base, paths: () => null, points: { show: true, size: 6, fill: stroke } };
    case 'bars':
      return {
        ...base,
        fill: stroke,
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.7, 40] }) }),
        points: { show: false },
      };
    case 'dashed':
      return { ...base, dash: [4, 4], width: 1, points: { show: false } };
    case 'edge':
      return { ...base, stroke: 'transparent', points: { show: false } };
    case 'line':
      return { ...base, width: 1.5 };
  }
}

/** The last value of each line, and the range that it moves in. */
function summaryOf(lines: readonly Line[], show: (value: number) => string): string {
  return lines
    .filter(({ shape }) => shape !== 'edge')
    .flatMap(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      const last = known.at(-1);
      if (last === undefined) return [];
      const [least, most] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [last, last]);
      return [`${label}: last ${show(last)}, between ${show(least)} and ${show(most)}`];
    })
    .join('; ');
}
