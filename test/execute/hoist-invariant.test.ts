import { beforeAll, expect, test } from 'vitest';
import { hoistInvariant } from '../../src/execute/hoist-invariant.ts';
import type { Cut, CutWork, PlacedNode } from '../../src/execute/pipeline.ts';
import { loadOperators, type PhysicalNode } from '../../src/operators/index.ts';

const place = (id: number, kind: string, more: object = {}): PlacedNode => ({
  id,
  node: { kind, ...more } as unknown as PhysicalNode,
});
const cut = (source: PlacedNode, transforms: readonly PlacedNode[], sink: PlacedNode): Cut => ({
  source,
  tail: { transforms, sink },
});

beforeAll(() => loadOperators(['recursion', 'hash-join', 'hash-aggregate'].map(kind => place(0, kind).node)));

const RECURSION = 1;
const kept = place(RECURSION, 'recursion');
const round = place(RECURSION, 'recursion-scan', { rows: 'last-round' });
const join = (id: number, joinType = 'inner'): PlacedNode =>
  place(id, 'hash-join', { joinType, buildSideKept: false, buildTypes: [], probeTypes: [], output: [] });

const hoisted = (body: readonly CutWork[]): (number | string)[] =>
  hoistInvariant(body, RECURSION).before.map(c => body.indexOf(c));

test('the stored side of a join that reads nothing of the recursion is built once', () => {
  const build = cut(place(2, 'scan'), [], join(3));
  const probe = cut(round, [join(3)], kept);
  expect(hoisted([build, probe])).toEqual([0]);
});

test('what leads to it is done once as well', () => {
  const sorted = place(4, 'hash-aggregate');
  const first = cut(place(2, 'scan'), [], sorted);
  const build = cut(sorted, [], join(3));
  const probe = cut(round, [join(3)], kept);
  expect(hoisted([first, build, probe])).toEqual([0, 1]);
});

test('a stored side made of the round is built in every round', () => {
  const build = cut(round, [], join(3));
  const probe = cut(place(2, 'scan'), [join(3)], kept);
  expect(hoisted([build, probe])).toEqual([]);
});

test('a stored side whose rows without a match come out is built in every round', () => {
  const build = cut(place(2, 'scan'), [], join(3, 'right'));
  const probe = cut(round, [join(3, 'right')], kept);
  expect(hoisted([build, probe, cut(join(3, 'right'), [], kept)])).toEqual([]);
});

test('what a source reads up is made in every round, a shared subplan once', () => {
  const groups = place(4, 'hash-aggregate');
  expect(hoisted([cut(place(2, 'scan'), [], groups), cut(groups, [], kept)])).toEqual([]);
  const store = place(5, 'materialize');
  const read = cut(place(5, 'materialized-scan'), [], kept);
  expect(hoisted([cut(place(2, 'scan'), [], store), read])).toEqual([0]);
});

test('a sink that one varying pipeline feeds is fed by all of them in every round', () => {
  const build = cut(place(2, 'scan'), [], join(3));
  const other = cut(round, [], join(3));
  const probe = cut(place(6, 'scan'), [join(3)], kept);
  expect(hoisted([build, other, probe])).toEqual([]);
});

test('a recursion inside is run in every round, what it reads often is not', () => {
  const inner = place(7, 'recursion');
  const loop: CutWork = {
    kind: 'loop',
    recursion: 7,
    enough: undefined,
    body: [cut(place(7, 'recursion-scan', { rows: 'last-round' }), [join(3)], inner)],
  };
  const build = cut(place(2, 'scan'), [], join(3));
  const anchor = cut(place(8, 'values'), [], inner);
  expect(hoisted([build, anchor, loop, cut(round, [], kept)])).toEqual([0]);
});
