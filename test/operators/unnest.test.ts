import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type UnnestNode, unnest } from '../../src/operators/unnest.ts';
import { INT32, list, UTF8 } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { input, type Row, runOperator, sortedRows } from './run-operator.ts';

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

test('each row once for every element of its longest list', () => {
  const cases = fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES).chain(type => {
    const types = [INT32, list(type), list(UTF8)];
    return fc.tuple(fc.constant(types), rowsOfTypes(types, 30), shapes, fc.boolean(), fc.boolean());
  });
  fc.assert(
    fc.property(cases, ([types, rows, options, keepsEmpty, ordinality]) => {
      const lists = [input(1, types[1]!), input(2, types[2]!)];
      const node: UnnestNode = { kind: 'unnest', lists, keeps: [0], emits: [0, 1], keepsEmpty, ordinality };
      const expected = rows.flatMap((row): readonly Row[] => {
        const [a, b] = [row[1], row[2]].map(l => (l ?? []) as readonly RawValue[]) as [RawValue[], RawValue[]];
        const length = Math.max(a.length, b.length);
        if (length === 0) return keepsEmpty ? [[row[0]!, null, null, ...(ordinality ? [null] : [])]] : [];
        return Array.from({ length }, (_, i) => [
          row[0]!,
          a[i] ?? null,
          b[i] ?? null,
          ...(ordinality ? [BigInt(i + 1)] : []),
        ]);
      });
      const actual = runOperator(unnest, node, [{ types, rows }], options);
      expect(sortedRows(actual)).toEqual(sortedRows(expected));
    }),
    { numRuns: 200 },
  );
});

test('a list that is not handed on counts for the number of rows', () => {
  const types = [list(INT32), list(INT32)];
  const node: UnnestNode = {
    kind: 'unnest',
    lists: [input(0, types[0]!), input(1, types[1]!)],
    keeps: [],
    emits: [1],
    keepsEmpty: false,
    ordinality: false,
  };
  const rows: Row[] = [
    [[1, 2, 3], [4]],
    [null, []],
  ];
  expect(runOperator(unnest, node, [{ types, rows }])).toEqual([[4], [null], [null]]);
});
