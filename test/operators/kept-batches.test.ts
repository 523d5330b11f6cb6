import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MaterializedScanNode, materialize, materializedScan } from '../../src/operators/materialize.ts';
import { type LimitNode, limit } from '../../src/operators/ordered-limit.ts';
import { INT32, UTF8 } from '../../src/types/data-type.ts';
import { rowsOfTypes } from './arbitrary-values.ts';
import { runOperator, sortedRows } from './run-operator.ts';

const types = [INT32, UTF8];
const shapes = fc.record({
  partitions: fc.constantFrom(1, 3),
  batchRows: fc.constantFrom(1, 3, 2048),
  gaps: fc.boolean(),
});

test('limit and offset keep the order of the splits', () => {
  const counts = fc.record({ count: fc.option(fc.nat(20), { nil: undefined }), offset: fc.nat(20) });
  fc.assert(
    fc.property(rowsOfTypes(types, 40), shapes, counts, (rows, options, { count, offset }) => {
      const node: LimitNode = { kind: 'limit', ...(count === undefined ? {} : { count }), offset, types };
      const actual = runOperator(limit, node, [{ types, rows }], options);
      expect(actual).toEqual(rows.slice(offset, count === undefined ? undefined : offset + count));
    }),
    { numRuns: 300 },
  );
});

test('rows that are kept can be read again, some columns or all', () => {
  fc.assert(
    fc.property(rowsOfTypes(types, 40), shapes, (rows, options) => {
      const node: MaterializedScanNode = { kind: 'materialized-scan', shared: 1, types };
      const both = {
        ...materializedScan,
        sink: materialize.sink,
        sharedBytes: materialize.sharedBytes,
      } as typeof materializedScan;
      expect(sortedRows(runOperator(both, node, [{ types, rows }], options))).toEqual(sortedRows(rows));
      const text = runOperator(both, { ...node, columns: [1] }, [{ types, rows }], options);
      expect(sortedRows(text)).toEqual(sortedRows(rows.map(r => [r[1]!])));
    }),
  );
});
