/**
 * The data of the reference generator at scale 0.01: for each table its first and last row, and for each column the
 * CRC-32 of its values (numbers little endian in their width, decimals as cents; strings each followed by a newline).
 */
export type GoldenTable = {
  readonly rows: number;
  readonly first: string;
  readonly last: string;
  readonly columns: Readonly<Record<string, number>>;
};

export const golden: Readonly<Record<string, GoldenTable>> = {
  region: {
    rows: 5,
    first:
      '0|AFRICA|lar deposits. blithely final packages cajole. regular waters are final requests. regular accounts are according to ',
    last: '4|MIDDLE EAST|uickly special accounts cajole carefully blithely close requests. carefully final asymptotes haggle furiousl',
    columns: {
      r_regionkey: 0x6c8f4e1c,
      r_name: 0x5efc7017,
      r_comment: 0x348ab289,
    },
  },
  nation: {
    rows: 25,
    first: '0|ALGERIA|0| haggle. carefully final deposits detect slyly agai',
    last: '24|UNITED STATES|1|y final packages. slow foxes cajole quickly. quickly silent platelets breach ironic accounts. unusual pinto be',
    columns: {
      n_nationkey: 0xda7fff4f,
      n_name: 0x05e5d2d5,
      n_regionkey: 0x4dfae8cc,
      n_comment: 0x649ea39c,
    },
  },
  supplier: {
    rows: 100,
    first:
      '1|Supplier#000000001| N kD4on9OM Ipw3,gf0JBoQDd7tgrzrddZ|17|27-918-335-1736|5755.94|each slyly above the careful',
    last: '100|Supplier#000000100|rIlN li8zvW22l2slbcx ECP4fL|21|31-351-324-5062|3191.70|es. regular instructions sleep carefully. slyly ironic packages across the foxes boost ',
    columns: {
      s_suppkey: 0x71b51d7c,
      s_name: 0xd4b9bed6,
      s_address: 0x93b920cb,
      s_nationkey: 0x66d6aac0,
      s_phone: 0xc0c5b99b,
      s_acctbal: 0xfa9d7a44,
      s_comment: 0x3b96ea63,
    },
  },
  part: {
    rows: 2000,
    first:
      '1|goldenrod lavender spring chocolate lace|Manufacturer#1|Brand#13|PROMO BURNISHED COPPER|7|JUMBO PKG|901.00|ly. slyly ironi',
    last: '2000|wheat blush green puff tan|Manufacturer#1|Brand#12|PROMO ANODIZED STEEL|46|SM BAG|902.00|ajole carefully',
    columns: {
      p_partkey: 0x88279c0d,
      p_name: 0x8ee7199e,
      p_mfgr: 0x0912866b,
      p_brand: 0xf65cc36d,
      p_type: 0xb5892f7d,
      p_size: 0xd42cf91c,
      p_container: 0x8b2281ee,
      p_retailprice: 0xb24353c7,
      p_comment: 0x60ed4be3,
    },
  },
  partsupp: {
    rows: 8000,
    first:
      '1|2|3325|771.64|, even theodolites. regular, final theodolites eat after the carefully pending foxes. furiously regular deposits sleep slyly. carefully bold realms above the ironic dependencies haggle careful',
    last: '2000|33|8414|798.67|yly ironic dependencies. blithely final theodolites sleep. furiously ironic accounts wake carefully across the express, regular requests. carefully regul',
    columns: {
      ps_partkey: 0x0d6a91f3,
      ps_suppkey: 0xed39814b,
      ps_availqty: 0x9e40dac8,
      ps_supplycost: 0xb70aba16,
      ps_comment: 0x31f72d8b,
    },
  },
  customer: {
    rows: 1500,
    first:
      '1|Customer#000000001|IVhzIApeRb ot,c,E|15|25-989-741-2988|711.56|BUILDING|to the even, regular platelets. regular, ironic epitaphs nag e',
    last: '1500|Customer#000001500|4zaoUzuWUTNFiNPbmu43|5|15-200-872-4790|6910.79|MACHINERY|s boost blithely above the fluffily ironic dolphins! ironic accounts',
    columns: {
      c_custkey: 0x0f9cb6af,
      c_name: 0x74f1fefc,
      c_address: 0xff441511,
      c_nationkey: 0x8f477823,
      c_phone: 0xa9f224a9,
      c_acctbal: 0x2f4d9d64,
      c_mktsegment: 0xacb522a7,
      c_comment: 0x9c2d64eb,
    },
  },
  orders: {
    rows: 15000,
    first: '1|370|O|172799.49|1996-01-02|5-LOW|Clerk#000000951|0|nstructions sleep furiously among ',
    last: '60000|1426|P|299401.61|1995-04-21|2-HIGH|Clerk#000000194|0|usual frets use alongside of the furiou',
    columns: {
      o_orderkey: 0x3781e50b,
      o_custkey: 0x5ed62bb6,
      o_orderstatus: 0x129cec3d,
      o_totalprice: 0xc85033bb,
      o_orderdate: 0xb6494592,
      o_orderpriority: 0x4a9cae77,
      o_clerk: 0x95198359,
      o_shippriority: 0x5127aa05,
      o_comment: 0x96620f6c,
    },
  },
  lineitem: {
    rows: 60175,
    first:
      '1|1552|93|1|17.00|24710.35|0.04|0.02|N|O|1996-03-13|1996-02-12|1996-03-22|DELIVER IN PERSON|TRUCK|egular courts above the',
    last: '60000|836|3|6|45.00|78157.35|0.04|0.08|N|O|1995-07-23|1995-07-17|1995-07-24|DELIVER IN PERSON|TRUCK|ke final packages. carefully final fo',
    columns: {
      l_orderkey: 0x81eb4493,
      l_partkey: 0x6b78148e,
      l_suppkey: 0x1e3620c0,
      l_linenumber: 0x2c0eb840,
      l_quantity: 0x071e910e,
      l_extendedprice: 0xf2c3b71a,
      l_discount: 0xa9f38ca3,
      l_tax: 0x5b2f2c9a,
      l_returnflag: 0x335f36ea,
      l_linestatus: 0x482398c3,
      l_shipdate: 0x01866ed0,
      l_commitdate: 0xfcae3353,
      l_receiptdate: 0xd0464345,
      l_shipinstruct: 0xa493b106,
      l_shipmode: 0x713b14f9,
      l_comment: 0xf0201dd0,
    },
  },
};
