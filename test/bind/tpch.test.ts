import { describe, expect, test } from 'vitest';
import { outputOf } from '../../src/plan/columns.ts';
import type { LogicalPlan } from '../../src/plan/logical-plan.ts';
import { inputsOf } from '../../src/plan/rewrite.ts';
import { bound, planOf } from '../support/bind.ts';
import { tpchQueries } from '../support/tpch-queries.ts';

const sqlOf = (number: number): string => tpchQueries.find(q => q.number === number)!.sql;

describe('TPC-H', () => {
  test.each(tpchQueries)('query $number binds to a sound plan', async ({ sql }) => {
    const { plan, output } = await bound(sql);
    expect(outputOf(plan).map(c => c.id)).toEqual(output.map(c => c.id));
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(sharedIn(plan)).toBe(sql.includes('with') || sql.includes('WITH') || sql.includes('revenue0') ? 1 : 0);
  });

  test('query 6', async () => {
    expect(await planOf(sqlOf(6))).toMatchInlineSnapshot(`
      "
      project revenue := sum
        aggregate sum := sum(cast(l_extendedprice as DECIMAL(18,2)) * cast(l_discount as DECIMAL(18,2)))
          filter l_shipdate >= date '1994-01-01' and l_shipdate < date '1995-01-01' and l_discount >= 0.05 and l_discount <= 0.07 and l_quantity < 24.00
            scan lineitem [l_orderkey, l_partkey, l_suppkey, l_linenumber, l_quantity, l_extendedprice, l_discount, l_tax, l_returnflag, l_linestatus, l_shipdate, l_commitdate, l_receiptdate, l_shipinstruct, l_shipmode, l_comment]
      "
    `);
  });

  test('query 17: a correlated average is a group by and a left join', async () => {
    expect(await planOf(sqlOf(17))).toMatchInlineSnapshot(`
      "
      project avg_yearly := cast(sum as DOUBLE) / 7
        aggregate sum := sum(l_extendedprice#5)
          filter cast(l_quantity#4 as DOUBLE) < (0.2 * avg(l_quantity))
            project l_orderkey#0, l_partkey#1, l_suppkey#2, l_linenumber#3, l_quantity#4, l_extendedprice#5, l_discount#6, l_tax#7, l_returnflag#8, l_linestatus#9, l_shipdate#10, l_commitdate#11, l_receiptdate#12, l_shipinstruct#13, l_shipmode#14, l_comment#15, p_partkey, p_name, p_mfgr, p_brand, p_type, p_size, p_container, p_retailprice, p_comment, l_partkey#26, avg, (0.2 * avg(l_quantity)) := 0.2 * avg
              left join on l_partkey#26 = p_partkey
                filter p_partkey = l_partkey#1 and p_brand = 'Brand#23' and p_container = 'MED BOX'
                  cross join
                    scan lineitem [l_orderkey#0, l_partkey#1, l_suppkey#2, l_linenumber#3, l_quantity#4, l_extendedprice#5, l_discount#6, l_tax#7, l_returnflag#8, l_linestatus#9, l_shipdate#10, l_commitdate#11, l_receiptdate#12, l_shipinstruct#13, l_shipmode#14, l_comment#15]
                    scan part [p_partkey, p_name, p_mfgr, p_brand, p_type, p_size, p_container, p_retailprice, p_comment]
                aggregate by l_partkey#26: avg := avg(l_quantity#29)
                  scan lineitem [l_orderkey#25, l_partkey#26, l_suppkey#27, l_linenumber#28, l_quantity#29, l_extendedprice#30, l_discount#31, l_tax#32, l_returnflag#33, l_linestatus#34, l_shipdate#35, l_commitdate#36, l_receiptdate#37, l_shipinstruct#38, l_shipmode#39, l_comment#40]
      "
    `);
  });

  test('query 21: EXISTS is a semi join, NOT EXISTS an anti join', async () => {
    expect(await planOf(sqlOf(21))).toMatchInlineSnapshot(`
      "
      limit 100
        sort numwait desc, s_name
          project s_name, numwait := count_star()
            aggregate by s_name: count_star() := count(*)
              anti join on l_orderkey#52 = l_orderkey#7 and l_suppkey#54 <> l_suppkey#9
                semi join on l_orderkey#36 = l_orderkey#7 and l_suppkey#38 <> l_suppkey#9
                  filter s_suppkey = l_suppkey#9 and o_orderkey = l_orderkey#7 and o_orderstatus = 'F' and l_receiptdate#19 > l_commitdate#18 and s_nationkey = n_nationkey and n_name = 'SAUDI ARABIA'
                    cross join
                      cross join
                        cross join
                          scan supplier [s_suppkey, s_name, s_address, s_nationkey, s_phone, s_acctbal, s_comment]
                          scan lineitem [l_orderkey#7, l_partkey#8, l_suppkey#9, l_linenumber#10, l_quantity#11, l_extendedprice#12, l_discount#13, l_tax#14, l_returnflag#15, l_linestatus#16, l_shipdate#17, l_commitdate#18, l_receiptdate#19, l_shipinstruct#20, l_shipmode#21, l_comment#22]
                        scan orders [o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment]
                      scan nation [n_nationkey, n_name, n_regionkey, n_comment]
                  scan lineitem [l_orderkey#36, l_partkey#37, l_suppkey#38, l_linenumber#39, l_quantity#40, l_extendedprice#41, l_discount#42, l_tax#43, l_returnflag#44, l_linestatus#45, l_shipdate#46, l_commitdate#47, l_receiptdate#48, l_shipinstruct#49, l_shipmode#50, l_comment#51]
                filter l_receiptdate#64 > l_commitdate#63
                  scan lineitem [l_orderkey#52, l_partkey#53, l_suppkey#54, l_linenumber#55, l_quantity#56, l_extendedprice#57, l_discount#58, l_tax#59, l_returnflag#60, l_linestatus#61, l_shipdate#62, l_commitdate#63, l_receiptdate#64, l_shipinstruct#65, l_shipmode#66, l_comment#67]
      "
    `);
  });
});

/** Shared subplans: none where every subquery is simple. */
const sharedIn = (plan: LogicalPlan): number =>
  (plan.kind === 'shared' ? 1 : 0) + inputsOf(plan).reduce((n, input) => n + sharedIn(input), 0);
