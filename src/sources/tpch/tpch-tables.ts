/**
 * The eight tables of the TPC-H benchmark, generated: the values are, row for row and byte for byte, those of the
 * TPC's reference generator `dbgen` (as also implemented by the Rust program tpchgen).
 *
 * Source: "TPC Benchmark H, Standard Specification", clause 4.2 (database population, with the vocabularies in
 * `vocabulary.ts`). What the specification leaves open is as in dbgen and its word file `dists.dss`: the random number
 * sequence, a constant for each column that starts it, the order in which numbers are drawn, and the quirks.
 *
 * Every column has random streams of its own, and every unit (see `TpchTable`) a fixed number of draws of each stream.
 * So columns are generated independently and only if asked for, and threads can generate ranges of a table side by
 * side. Columns that follow from others (a line's price from its part and quantity) draw the others' numbers again:
 * that costs less than sharing them would complicate.
 */
import { customer } from './customer.ts';
import { nation, region } from './fixed-tables.ts';
import { lineitem } from './lineitem.ts';
import { orders } from './orders.ts';
import { part } from './part.ts';
import { partsupp } from './partsupp.ts';
import { supplier } from './supplier.ts';
import type { TpchTable } from './tpch-table.ts';

/** All tables, small ones first. */
export const tpchTables: readonly TpchTable[] = [region, nation, supplier, part, partsupp, customer, orders, lineitem];
