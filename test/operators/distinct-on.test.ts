import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DistinctOnNode, distinctOn } from '../../src/operators/distinct-on.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';
import { FLAT_TYPES, NESTED_TYPES, rowsOfTypes } from './arbitrary-values.ts';
import { compareRows } from './compare-rows.ts';
import { input, keyText, type Row, runOperator, sortedRows } from './run-operator.ts';

const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

test('the first row of each key', () => {
  const cases = fc.constantFrom(...FLAT_TYPES, ...NESTED_TYPES).chain(type => {
    const types = [type, INT32, UTF8];
    return fc.tuple(fc.constant(types), rowsOfTypes(types, 60), shapes, fc.boolean(), fc.boolean());
  });
  fc.assert(
    fc.property(cases, ([types, rows, options, descending, isOrdered]) => {
      const node: DistinctOnNode = {
        kind: 'distinct-on',
        on: [input(0, types[0]!)],
        orderBy: isOrdered ? [{ expr: input(1, INT32), descending, nullsFirst: descending }] : [],
        types,
      };
      const compare = compareRows(isOrdered ? [{ index: 1, type: INT32, descending, nullsFirst: descending }] : []);
      const first = new Map<string, Row>();
      for (const row of [...rows].sort(compare)) {
        const key = keyText(row[0]!);
        if (!first.has(key)) first.set(key, row);
      }
      const actual = runOperator(distinctOn, node, [{ types, rows }], options);
      expect(sortedRows(actual)).toEqual(sortedRows([...first.values()]));
    }),
    { numRuns: 300 },
  );
});
