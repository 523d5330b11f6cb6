import { and, type Cols, count, desc, or, sub, when } from '../../frontends/dataframe/index.ts';
import type { TpchTables } from './tpch-schema.ts';

// The 22 TPC-H queries with their default parameters, as builder chains: the columns, names and order of the SQL texts.
// Return types are inferred: that they come out right without a cast is what test/types/tpch.test-d.ts asserts.

type Sale = { l_extendedprice: 'decimal'; l_discount: 'decimal' };
/** What is paid for a line item, as a measure to be used in any frame that has its columns. */
const revenueOf = (t: Cols<Sale>) => t.l_extendedprice.mul(sub(1, t.l_discount));

export const q1 = ({ lineitem }: TpchTables) =>
  lineitem
    .filter(t => t.l_shipdate.lte('1998-09-02'))
    .withColumns(t => ({ disc_price: revenueOf(t) }))
    .groupBy('l_returnflag', 'l_linestatus')
    .agg(t => ({
      sum_qty: t.l_quantity.sum(),
      sum_base_price: t.l_extendedprice.sum(),
      sum_disc_price: t.disc_price.sum(),
      sum_charge: t.disc_price.mul(t.l_tax.add(1)).sum(),
      avg_qty: t.l_quantity.avg(),
      avg_price: t.l_extendedprice.avg(),
      avg_disc: t.l_discount.avg(),
      count_order: count(),
    }))
    .sort('l_returnflag', 'l_linestatus');

export const q2 = ({ part, supplier, partsupp, nation, region }: TpchTables) => {
  const offers = partsupp
    .join(supplier, { ps_suppkey: 's_suppkey' })
    .join(nation, { s_nationkey: 'n_nationkey' })
    .join(
      region.filter(t => t.r_name.eq('EUROPE')),
      { n_regionkey: 'r_regionkey' },
    );
  const cheapest = offers.groupBy('ps_partkey').agg(t => ({ cheapest: t.ps_supplycost.min() }));
  return part
    .filter(t => t.p_size.eq(15).and(t.p_type.like('%BRASS')))
    .join(offers, { p_partkey: 'ps_partkey' })
    .join(cheapest, { p_partkey: 'ps_partkey', ps_supplycost: 'cheapest' })
    .select('s_acctbal', 's_name', 'n_name', 'p_partkey', 'p_mfgr', 's_address', 's_phone', 's_comment')
    .sort(desc('s_acctbal'), 'n_name', 's_name', 'p_partkey')
    .limit(100);
};

export const q3 = ({ customer, orders, lineitem }: TpchTables) =>
  customer
    .filter(t => t.c_mktsegment.eq('BUILDING'))
    .join(orders, { c_custkey: 'o_custkey' })
    .join(lineitem, { o_orderkey: 'l_orderkey' })
    .filter(
      t => t.o_orderdate.lt('1995-03-15'),
      t => t.l_shipdate.gt('1995-03-15'),
    )
    .groupBy('l_orderkey', 'o_orderdate', 'o_shippriority')
    .agg(t => ({ revenue: revenueOf(t).sum() }))
    .select('l_orderkey', 'revenue', 'o_orderdate', 'o_shippriority')
    .sort(desc('revenue'), 'o_orderdate')
    .limit(10);

export const q4 = ({ orders, lineitem }: TpchTables) =>
  orders
    .filter(
      t => t.o_orderdate.gte('1993-07-01'),
      t => t.o_orderdate.lt('1993-10-01'),
    )
    .semiJoin(
      lineitem.filter(t => t.l_commitdate.lt(t.l_receiptdate)),
      { o_orderkey: 'l_orderkey' },
    )
    .groupBy('o_orderpriority')
    .count('order_count')
    .sort('o_orderpriority');

export const q5 = ({ region, nation, supplier, lineitem, orders, customer }: TpchTables) =>
  region
    .filter(t => t.r_name.eq('ASIA'))
    .join(nation, { r_regionkey: 'n_regionkey' })
    .join(supplier, { n_nationkey: 's_nationkey' })
    .join(lineitem, { s_suppkey: 'l_suppkey' })
    .join(orders, { l_orderkey: 'o_orderkey' })
    .join(customer, { o_custkey: 'c_custkey', n_nationkey: 'c_nationkey' })
    .filter(t => t.o_orderdate.gte('1994-01-01').and(t.o_orderdate.lt('1995-01-01')))
    .groupBy('n_name')
    .agg(t => ({ revenue: revenueOf(t).sum() }))
    .sort(desc('revenue'));

export const q6 = ({ lineitem }: TpchTables) =>
  lineitem
    .filter(
      t => t.l_shipdate.gte('1994-01-01'),
      t => t.l_shipdate.lt('1995-01-01'),
      t => t.l_discount.between(0.05, 0.07),
      t => t.l_quantity.lt(24),
    )
    .agg(t => ({ revenue: t.l_extendedprice.mul(t.l_discount).sum() }));

export const q7 = ({ supplier, lineitem, orders, customer, nation }: TpchTables) =>
  supplier
    .join(lineitem, { s_suppkey: 'l_suppkey' })
    .join(orders, { l_orderkey: 'o_orderkey' })
    .join(customer, { o_custkey: 'c_custkey' })
    .join(
      nation.select('n_nationkey', t => ({ supp_nation: t.n_name })),
      { s_nationkey: 'n_nationkey' },
    )
    .join(
      nation.select('n_nationkey', t => ({ cust_nation: t.n_name })),
      { c_nationkey: 'n_nationkey' },
    )
    .filter(
      t =>
        or(
          t.supp_nation.eq('FRANCE').and(t.cust_nation.eq('GERMANY')),
          t.supp_nation.eq('GERMANY').and(t.cust_nation.eq('FRANCE')),
        ),
      t => t.l_shipdate.between('1995-01-01', '1996-12-31'),
    )
    .groupBy('supp_nation', 'cust_nation', t => ({ l_year: t.l_shipdate.year() }))
    .agg(t => ({ revenue: revenueOf(t).sum() }))
    .sort('supp_nation', 'cust_nation', 'l_year');

export const q8 = ({ part, supplier, lineitem, orders, customer, nation, region }: TpchTables) =>
  part
    .filter(t => t.p_type.eq('ECONOMY ANODIZED STEEL'))
    .join(lineitem, { p_partkey: 'l_partkey' })
    .join(supplier, { l_suppkey: 's_suppkey' })
    .join(orders, { l_orderkey: 'o_orderkey' })
    .filter(t => t.o_orderdate.between('1995-01-01', '1996-12-31'))
    .join(customer, { o_custkey: 'c_custkey' })
    .join(nation, { c_nationkey: 'n_nationkey' })
    .join(
      region.filter(t => t.r_name.eq('AMERICA')),
      { n_regionkey: 'r_regionkey' },
    )
    .join(
      nation.select(t => ({ nation_key: t.n_nationkey, nation: t.n_name })),
      { s_nationkey: 'nation_key' },
    )
    .select('nation', t => ({ o_year: t.o_orderdate.year(), volume: revenueOf(t) }))
    .groupBy('o_year')
    .agg(t => ({
      mkt_share: when(t.nation.eq('BRAZIL'), t.volume).otherwise(0).sum().div(t.volume.sum()),
    }))
    .sort('o_year');

export const q9 = ({ part, supplier, lineitem, partsupp, orders, nation }: TpchTables) =>
  part
    .filter(t => t.p_name.like('%green%'))
    .join(lineitem, { p_partkey: 'l_partkey' })
    .join(supplier, { l_suppkey: 's_suppkey' })
    .join(partsupp, { l_suppkey: 'ps_suppkey', p_partkey: 'ps_partkey' })
    .join(orders, { l_orderkey: 'o_orderkey' })
    .join(nation, { s_nationkey: 'n_nationkey' })
    .select(t => ({
      nation: t.n_name,
      o_year: t.o_orderdate.year(),
      amount: revenueOf(t).sub(t.ps_supplycost.mul(t.l_quantity)),
    }))
    .groupBy('nation', 'o_year')
    .agg(t => ({ sum_profit: t.amount.sum() }))
    .sort('nation', desc('o_year'));

export const q10 = ({ customer, orders, lineitem, nation }: TpchTables) =>
  customer
    .join(orders, { c_custkey: 'o_custkey' })
    .join(lineitem, { o_orderkey: 'l_orderkey' })
    .filter(
      t => t.o_orderdate.gte('1993-10-01'),
      t => t.o_orderdate.lt('1994-01-01'),
      t => t.l_returnflag.eq('R'),
    )
    .join(nation, { c_nationkey: 'n_nationkey' })
    .groupBy('c_custkey', 'c_name', 'c_acctbal', 'c_phone', 'n_name', 'c_address', 'c_comment')
    .agg(t => ({ revenue: revenueOf(t).sum() }))
    .select('c_custkey', 'c_name', 'revenue', 'c_acctbal', 'n_name', 'c_address', 'c_phone', 'c_comment')
    .sort(desc('revenue'))
    .limit(20);

export const q11 = ({ partsupp, supplier, nation }: TpchTables) => {
  const stock = partsupp
    .join(supplier, { ps_suppkey: 's_suppkey' })
    .join(
      nation.filter(t => t.n_name.eq('GERMANY')),
      { s_nationkey: 'n_nationkey' },
    )
    .withColumns(t => ({ value: t.ps_supplycost.mul(t.ps_availqty) }));
  const threshold = stock.agg(t => ({ value: t.value.sum().mul(0.0001) }));
  return stock
    .groupBy('ps_partkey')
    .agg(t => ({ value: t.value.sum() }))
    .filter(t => t.value.gt(threshold.scalar('value')))
    .sort(desc('value'));
};

export const q12 = ({ orders, lineitem }: TpchTables) =>
  orders
    .join(lineitem, { o_orderkey: 'l_orderkey' })
    .filter(
      t => t.l_shipmode.in(['MAIL', 'SHIP']),
      t => t.l_commitdate.lt(t.l_receiptdate),
      t => t.l_shipdate.lt(t.l_commitdate),
      t => t.l_receiptdate.gte('1994-01-01'),
      t => t.l_receiptdate.lt('1995-01-01'),
    )
    .withColumns(t => ({ high: t.o_orderpriority.in(['1-URGENT', '2-HIGH']) }))
    .groupBy('l_shipmode')
    .agg(t => ({
      high_line_count: t.high.ifElse(1, 0).sum(),
      low_line_count: t.high.ifElse(0, 1).sum(),
    }))
    .sort('l_shipmode');

export const q13 = ({ customer, orders }: TpchTables) =>
  customer
    .leftJoin(
      orders.filter(t => t.o_comment.notLike('%special%requests%')),
      { c_custkey: 'o_custkey' },
    )
    .groupBy('c_custkey')
    .agg(t => ({ c_count: t.o_orderkey.count() }))
    .groupBy('c_count')
    .count('custdist')
    .sort(desc('custdist'), desc('c_count'));

export const q14 = ({ lineitem, part }: TpchTables) =>
  lineitem
    .filter(
      t => t.l_shipdate.gte('1995-09-01'),
      t => t.l_shipdate.lt('1995-10-01'),
    )
    .join(part, { l_partkey: 'p_partkey' })
    .withColumns(t => ({ revenue: revenueOf(t) }))
    .agg(t => ({
      promo_revenue: t.p_type.like('PROMO%').ifElse(t.revenue, 0).sum().mul(100).div(t.revenue.sum()),
    }));

export const q15 = ({ supplier, lineitem }: TpchTables) => {
  const revenue = lineitem
    .filter(
      t => t.l_shipdate.gte('1996-01-01'),
      t => t.l_shipdate.lt('1996-04-01'),
    )
    .groupBy(t => ({ supplier_no: t.l_suppkey }))
    .agg(t => ({ total_revenue: revenueOf(t).sum() }));
  const most = revenue.agg(t => ({ most: t.total_revenue.max() }));
  return supplier
    .join(revenue, { s_suppkey: 'supplier_no' })
    .filter(t => t.total_revenue.eq(most.scalar('most')))
    .select('s_suppkey', 's_name', 's_address', 's_phone', 'total_revenue')
    .sort('s_suppkey');
};

export const q16 = ({ partsupp, part, supplier }: TpchTables) => {
  const complainedAbout = supplier.filter(t => t.s_comment.like('%Customer%Complaints%'));
  return partsupp
    .join(part, { ps_partkey: 'p_partkey' })
    .filter(
      t => t.p_brand.ne('Brand#45'),
      t => t.p_type.notLike('MEDIUM POLISHED%'),
      t => t.p_size.in([49, 14, 23, 45, 19, 3, 36, 9]),
      t => t.ps_suppkey.notIn(complainedAbout.column('s_suppkey')),
    )
    .groupBy('p_brand', 'p_type', 'p_size')
    .agg(t => ({ supplier_cnt: t.ps_suppkey.countDistinct() }))
    .sort(desc('supplier_cnt'), 'p_brand', 'p_type', 'p_size');
};

export const q17 = ({ lineitem, part }: TpchTables) => {
  const small = lineitem.groupBy(t => ({ partkey: t.l_partkey })).agg(t => ({ small: t.l_quantity.avg().mul(0.2) }));
  return lineitem
    .join(
      part.filter(t => t.p_brand.eq('Brand#23').and(t.p_container.eq('MED BOX'))),
      { l_partkey: 'p_partkey' },
    )
    .join(small, (l, r) => l.l_partkey.eq(r.partkey).and(l.l_quantity.lt(r.small)))
    .agg(t => ({ avg_yearly: t.l_extendedprice.sum().div(7.0) }));
};

export const q18 = ({ customer, orders, lineitem }: TpchTables) => {
  const large = lineitem
    .groupBy('l_orderkey')
    .agg(t => ({ quantity: t.l_quantity.sum() }))
    .filter(t => t.quantity.gt(300));
  return customer
    .join(orders, { c_custkey: 'o_custkey' })
    .filter(t => t.o_orderkey.in(large.column('l_orderkey')))
    .join(lineitem, { o_orderkey: 'l_orderkey' })
    .groupBy('c_name', 'c_custkey', 'o_orderkey', 'o_orderdate', 'o_totalprice')
    .agg(t => ({ 'sum(l_quantity)': t.l_quantity.sum() }))
    .sort(desc('o_totalprice'), 'o_orderdate')
    .limit(100);
};

export const q19 = ({ lineitem, part }: TpchTables) =>
  lineitem
    .join(part, { l_partkey: 'p_partkey' })
    .filter(
      t => t.l_shipmode.in(['AIR', 'AIR REG']),
      t => t.l_shipinstruct.eq('DELIVER IN PERSON'),
      t =>
        or(
          and(
            t.p_brand.eq('Brand#12'),
            t.p_container.in(['SM CASE', 'SM BOX', 'SM PACK', 'SM PKG']),
            t.l_quantity.between(1, 11),
            t.p_size.between(1, 5),
          ),
          and(
            t.p_brand.eq('Brand#23'),
            t.p_container.in(['MED BAG', 'MED BOX', 'MED PKG', 'MED PACK']),
            t.l_quantity.between(10, 20),
            t.p_size.between(1, 10),
          ),
          and(
            t.p_brand.eq('Brand#34'),
            t.p_container.in(['LG CASE', 'LG BOX', 'LG PACK', 'LG PKG']),
            t.l_quantity.between(20, 30),
            t.p_size.between(1, 15),
          ),
        ),
    )
    .agg(t => ({ revenue: revenueOf(t).sum() }));

export const q20 = ({ supplier, nation, partsupp, part, lineitem }: TpchTables) => {
  const forest = part.filter(t => t.p_name.like('forest%'));
  const shipped = lineitem
    .filter(
      t => t.l_shipdate.gte('1994-01-01'),
      t => t.l_shipdate.lt('1995-01-01'),
    )
    .groupBy('l_partkey', 'l_suppkey')
    .agg(t => ({ half: t.l_quantity.sum().mul(0.5) }));
  const overstocked = partsupp
    .filter(t => t.ps_partkey.in(forest.column('p_partkey')))
    .join(shipped, { ps_partkey: 'l_partkey', ps_suppkey: 'l_suppkey' })
    .filter(t => t.ps_availqty.gt(t.half));
  return supplier
    .join(nation, { s_nationkey: 'n_nationkey' })
    .filter(
      t => t.n_name.eq('CANADA'),
      t => t.s_suppkey.in(overstocked.column('ps_suppkey')),
    )
    .select('s_name', 's_address')
    .sort('s_name');
};

export const q21 = ({ supplier, lineitem, orders, nation }: TpchTables) => {
  const late = lineitem.filter(t => t.l_receiptdate.gt(t.l_commitdate));
  return supplier
    .join(
      nation.filter(t => t.n_name.eq('SAUDI ARABIA')),
      { s_nationkey: 'n_nationkey' },
    )
    .join(late, { s_suppkey: 'l_suppkey' })
    .join(
      orders.filter(t => t.o_orderstatus.eq('F')),
      { l_orderkey: 'o_orderkey' },
    )
    .semiJoin(lineitem, (l, r) => l.l_orderkey.eq(r.l_orderkey).and(l.s_suppkey.ne(r.l_suppkey)))
    .antiJoin(late, (l, r) => l.l_orderkey.eq(r.l_orderkey).and(l.s_suppkey.ne(r.l_suppkey)))
    .groupBy('s_name')
    .count('numwait')
    .sort(desc('numwait'), 's_name')
    .limit(100);
};

export const q22 = ({ customer, orders }: TpchTables) => {
  const fromCountries = customer
    .withColumns(t => ({ cntrycode: t.c_phone.substring(1, 2) }))
    .filter(t => t.cntrycode.in(['13', '31', '23', '29', '30', '18', '17']));
  const average = fromCountries.filter(t => t.c_acctbal.gt(0)).agg(t => ({ average: t.c_acctbal.avg() }));
  return fromCountries
    .filter(t => t.c_acctbal.gt(average.scalar('average')))
    .antiJoin(orders, { c_custkey: 'o_custkey' })
    .groupBy('cntrycode')
    .agg(t => ({ numcust: count(), totacctbal: t.c_acctbal.sum() }))
    .sort('cntrycode');
};
