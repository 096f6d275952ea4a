import { expect, test } from 'vitest';
import { type Edge, placed, staleFrom } from '../../dashboard/src/views/lineage/layout.ts';

const edge = (source: string, target: string, process_name = `${source} to ${target}`): Edge => ({
  source,
  target,
  process_name,
  environment: 'prod',
});
const layerOf = (edges: readonly Edge[], centre: string) =>
  Object.fromEntries(placed(edges, centre).nodes.map(({ path, layer }) => [path, layer]));

test('what a table is made from stands to its left, what is made from it to its right', () => {
  expect(layerOf([edge('a', 'b'), edge('b', 'c'), edge('c', 'd'), edge('x', 'c')], 'c')).toEqual({
    a: 0,
    b: 1,
    x: 1,
    c: 2,
    d: 3,
  });
});

test('a cycle ends where it comes back', () => {
  expect(layerOf([edge('a', 'b'), edge('b', 'a'), edge('b', 'b')], 'a')).toEqual({ a: 0, b: 1 });
});

test('no two tables of a layer share a row', () => {
  const { nodes } = placed(
    Array.from({ length: 30 }, (_, at) => edge('a', `t${at}`)),
    'a',
  );
  const places = nodes.map(({ layer, row }) => `${layer} ${row}`);
  expect(new Set(places).size).toBe(places.length);
});

test('of ten thousand edges with cycles the nearest are drawn, and the others counted', () => {
  const edges = Array.from({ length: 10_000 }, (_, at) => edge(`t${at % 2_503}`, `t${(at * 7 + 1) % 2_503}`, `p${at}`));
  const graph = placed(edges, 't0');
  expect(graph.nodes.length).toBe(150);
  expect(graph.edges.length).toBeLessThanOrEqual(600);
  expect(graph.left).toBeGreaterThan(1_000);
  expect(graph.nodes.some(({ path }) => path === 't0')).toBe(true);
});

test('stale is what a stuck pipeline writes, and all that is made of it, once around a cycle', () => {
  const edges = [edge('a', 'b', 'stuck'), edge('b', 'c'), edge('c', 'b'), edge('x', 'y')];
  expect([...staleFrom(edges, ({ process_name }) => process_name === 'stuck')].sort()).toEqual(['b', 'c']);
  expect(staleFrom(edges, () => false).size).toBe(0);
});
