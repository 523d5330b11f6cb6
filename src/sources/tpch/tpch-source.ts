import { lazyTableFunction } from '../../protocol/lazy-table-function.ts';
import type { TableFunction } from '../../protocol/table-function.ts';

const TABLES = ['region', 'nation', 'supplier', 'part', 'partsupp', 'customer', 'orders', 'lineitem'];

/** `tpch_lineitem(1)`: the tables of TPC-H as table functions, generated while they are read. */
export const tpchFunctions: readonly TableFunction[] = TABLES.map(name =>
  lazyTableFunction(
    {
      name: `tpch_${name}`,
      doc: {
        summary: `Generates the TPC-H table ${name} at a scale factor, as the reference generator does.`,
        args: ['scale'],
        examples: [[`(SELECT count(*) > 0 FROM tpch_${name}(0.01))`, 'true']],
        category: 'table',
      },
    },
    async () => (await import('./tpch-code.ts')).tpchCode(name),
  ),
);
