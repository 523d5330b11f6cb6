import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edge, enumeratePairs } from '../../../src/optimize/join-order/enumerate-pairs.ts';
import { includes } from '../../../src/optimize/join-order/relation-set.ts';

const pairsOf = (relations: number, edges: readonly Edge[]): string[] => {
  const pairs: string[] = [];
  enumeratePairs(relations, edges, (a, b) => {
    pairs.push([a, b].sort((x, y) => x - y).join('-'));
    return true;
  });
  return pairs;
};

const edge = (a: number, b: number): Edge => ({ left: 1 << a, right: 1 << b });
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test.each([2, 3, 5, 8])('chains, stars and cliques of %i relations have as many pairs as the theory says', n => {
  const chain = range(n - 1).map(i => edge(i, i + 1));
  const star = range(n - 1).map(i => edge(0, i + 1));
  const clique = range(n).flatMap(i => range(i).map(j => edge(j, i)));
  expect(pairsOf(n, chain)).toHaveLength((n ** 3 - n) / 6);
  expect(pairsOf(n, star)).toHaveLength((n - 1) * 2 ** (n - 2));
  expect(pairsOf(n, clique)).toHaveLength((3 ** n - 2 ** (n + 1) + 1) / 2);
});

test('stops when told to', () => {
  let seen = 0;
  expect(enumeratePairs(3, [edge(0, 1), edge(1, 2)], () => ++seen < 2)).toBe(false);
  expect(seen).toBe(2);
});

test('finds what trying all pairs of sets finds, on hypergraphs too, smaller sets before larger ones', () => {
  const relations = 5;
  const set = fc.integer({ min: 1, max: 2 ** relations - 1 });
  const hyperedge = fc
    .tuple(set, set)
    .map(([left, right]) => ({ left, right: right & ~left }))
    .filter(e => e.right !== 0);
  const simple = fc
    .tuple(fc.nat(relations - 1), fc.nat(relations - 1))
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => edge(a, b));
  fc.assert(
    fc.property(fc.array(fc.oneof(simple, simple, hyperedge), { maxLength: 8 }), edges => {
      const found = pairsOf(relations, edges);
      expect(new Set(found).size).toBe(found.length);
      expect([...found].sort()).toEqual(allPairs(relations, edges).sort());
    }),
    { numRuns: 500 },
  );
});

function allPairs(relations: number, edges: readonly Edge[]): string[] {
  const connected = new Set(range(relations).map(i => 1 << i));
  const pairs: string[] = [];
  for (let set = 1; set < 2 ** relations; set++) {
    for (let a = 1; a < set; a++) {
      const b = set & ~a;
      if (!includes(set, a) || a > b || !connected.has(a) || !connected.has(b)) continue;
      const joined = edges.some(
        e => (includes(a, e.left) && includes(b, e.right)) || (includes(a, e.right) && includes(b, e.left)),
      );
      if (!joined) continue;
      connected.add(set);
      pairs.push(`${a}-${b}`);
    }
  }
  return pairs;
}
