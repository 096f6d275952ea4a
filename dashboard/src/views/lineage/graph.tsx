import { datasetHref } from '../../router/links.ts';
import { Link } from '../../router/use-address.tsx';
import type { Edge, PlacedGraph } from './layout.ts';

const WIDTH = 210;
const HEIGHT = 30;
const GAP_X = 70;
const GAP_Y = 12;

/** Datasets as boxes from left to right, and who made one of another as the lines between them. */
export function LineageGraph({
  graph: { nodes, edges },
  centre,
  stale,
  isStuck,
}: {
  readonly graph: PlacedGraph;
  readonly centre: string;
  readonly stale: ReadonlySet<string>;
  readonly isStuck: (edge: Edge) => boolean;
}) {
  const placeOf = new Map(
    nodes.map(({ path, layer, row }) => [path, { x: layer * (WIDTH + GAP_X), y: row * (HEIGHT + GAP_Y) }]),
  );
  const width = Math.max(...nodes.map(({ layer }) => layer + 1)) * (WIDTH + GAP_X) - GAP_X;
  const height = Math.max(...nodes.map(({ row }) => row + 1)) * (HEIGHT + GAP_Y);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="lineage" tabIndex={0} aria-label={`Lineage of ${centre}`}>
      <div style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          {edges.map((edge) => {
            const [from, to] = [placeOf.get(edge.source), placeOf.get(edge.target)];
            if (from === undefined || to === undefined) return null;
            const isStale = isStuck(edge) || stale.has(edge.source);
            return (
              <path
                key={`${edge.source}\n${edge.target}\n${edge.process_name}\n${edge.environment}`}
                class={isStale ? 'stale' : ''}
                d={lineOf(from, to)}
              >
                <title>{`${edge.process_name} (${edge.environment})${isStuck(edge) ? ': its last run failed' : ''}`}</title>
              </path>
            );
          })}
        </svg>
        {nodes.map(({ path }) => {
          const { x, y } = placeOf.get(path) ?? { x: 0, y: 0 };
          const isStale = stale.has(path);
          return (
            <Link
              key={path}
              to={datasetHref(path)}
              class={`node ${path === centre ? 'centre' : ''} ${isStale ? 'stale' : ''}`}
              style={{ left: `${x}px`, top: `${y}px` }}
              title={`${path}${isStale ? '\nmay be stale: a pipeline before it failed' : ''}`}
              {...(path === centre && { 'aria-current': 'page' as const })}
            >
              {isStale && <span class="bad">stale </span>}
              <bdi>{ending(path)}</bdi>
            </Link>
          );
        })}
      </div>
    </section>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** From the right of one to the left of the other, bent; back in an arc where it leads back. */
function lineOf(from: Place, to: Place): string {
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  const bend = x2 > x1 ? (x2 - x1) / 2 : 60;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Of a long path its end tells it from others. */
const ending = (path: string): string => (path.length > 28 ? `…${path.slice(-27)}` : path);
