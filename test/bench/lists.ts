// Functions of lists, maps and structs over columns in memory, against DuckDB, engines taking turns, one thread:
//   npm run bench:lists -- [--rows 500000] [--runs 5] [--only contains,sort]
// Prints a line for each function: the least CPU time of either, what reading and folding the column takes included.
import { parseArgs } from 'node:util';
import { benchFolder } from '../workloads/workload.ts';
import { openEngine } from './open-engine.ts';
import { runRounds } from './run-rounds.ts';

const { values: args } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});

/** Lists of 0 to 8 elements, every 13th row NULL, every 11th element NULL. */
const list = (element: string): string =>
  `CASE WHEN i % 13 = 5 THEN NULL ELSE list_transform(range(i % 9), lambda j: CASE WHEN (i + j) % 11 = 3 THEN NULL ELSE ${element} END) END`;
const TABLE = `CREATE TABLE t AS SELECT i, i % 20 AS k, (i * 7 % 20)::DOUBLE AS dk, 'text ' || (i % 20) AS sk,
  ${list('(i * 31 + j * 17) % 23')} AS l, ${list('(i * 29 + j * 13) % 19')} AS m,
  ${list('((i * 31 + j * 17) % 23)::DOUBLE')} AS d, ${list("'text ' || ((i * 31 + j * 17) % 23)")} AS s,
  ${list('range((i + j) % 3)')} AS n, list_transform(range(i % 9), lambda j: (i + j) % 2 = 0) AS b,
  map(range(i % 9), list_transform(range(i % 9), lambda j: i + j)) AS p,
  {'a': i, 'b': 'text ' || (i % 23)} AS r
  FROM range(${args.rows}) x(i)`;

/** What is folded of each: lists by their lengths, the rest by counting or adding. */
const length = (call: string): string => `sum(len(${call}))`;
const FUNCTIONS: Readonly<Record<string, string>> = {
  'list_contains, constant': 'count_if(list_contains(l, 7))',
  'list_contains, column': 'count_if(list_contains(l, k))',
  'list_contains, DOUBLE': 'count_if(list_contains(d, dk))',
  'list_contains, VARCHAR': 'count_if(list_contains(s, sk))',
  'list_contains, nested': 'count_if(list_contains(n, [0, 1]))',
  list_position: 'sum(list_position(l, k))',
  list_has_any: 'count_if(list_has_any(l, m))',
  list_has_all: 'count_if(list_has_all(l, m))',
  'list_has_any, VARCHAR': "count_if(list_has_any(s, ['text 3', 'text 5']))",
  list_intersect: length('list_intersect(l, m)'),
  list_distinct: length('list_distinct(l)'),
  'list_distinct, VARCHAR': length('list_distinct(s)'),
  list_unique: 'sum(list_unique(l))',
  list_sum: 'sum(list_sum(l))',
  'list_sum, DOUBLE': 'sum(list_sum(d))',
  list_avg: 'sum(list_avg(l))',
  list_max: 'sum(list_max(l))',
  'list_min, VARCHAR': 'max(list_min(s))',
  'list_aggregate, count': "sum(list_aggregate(l, 'count'))",
  'list_aggregate, stddev': "sum(list_aggregate(d, 'stddev_samp'))",
  list_string_agg: "max(list_aggregate(s, 'string_agg', ','))",
  list_sort: length('list_sort(l)'),
  'list_sort, VARCHAR': length("list_sort(s, 'DESC')"),
  list_grade_up: length('list_grade_up(l)'),
  list_reverse: length('list_reverse(l)'),
  list_transform: length('list_transform(l, lambda x: x + 1)'),
  'list_transform, captured': length('list_transform(l, lambda x: x + k)'),
  list_filter: length('list_filter(l, lambda x: x > 10)'),
  list_reduce: 'sum(list_reduce(l, lambda a, x: a + x, 0))',
  list_extract: 'sum(l[2])',
  list_slice: length('l[2:4]'),
  'list_slice, step': length('l[1:8:2]'),
  list_concat: length('list_concat(l, m)'),
  list_append: length('list_append(l, k)'),
  list_value: length('[i, k, 7]'),
  flatten: length('flatten(n)'),
  list_select: length('list_select(l, [1, 3])'),
  list_where: length('list_where(l, b)'),
  list_zip: length('list_zip(l, m)'),
  array_to_string: "max(array_to_string(l, '-'))",
  'list =': 'count_if(l = m)',
  'list <': 'count_if(l < m)',
  map_extract: length('map_extract(p, k)'),
  'map[key]': 'sum(p[k])',
  map_contains: 'count_if(map_contains(p, k))',
  map_keys: length('map_keys(p)'),
  cardinality: 'sum(cardinality(p))',
  struct_extract: 'sum(r.a)',
  struct_pack: 'count_if(struct_pack(x := i, y := k).x = 3)',
  'struct =': 'count_if(r = {a: k, b: sk})',
};

const workload = { name: 'lists', folder: benchFolder, tables: [], queries: [] };
const engines = await Promise.all(
  ['rayexec', 'duckdb'].map(name => openEngine(name, workload, { threads: 1, memory: true })),
);
for (const engine of engines) await engine.run(TABLE);
const wanted = args.only.split(',');
console.log('| function | rayexec, CPU ms | duckdb, CPU ms | CPU ratio |\n| --- | ---: | ---: | ---: |');
for (const [name, call] of Object.entries(FUNCTIONS)) {
  if (!wanted.some(w => name.includes(w))) continue;
  const best = await runRounds(engines, `SELECT ${call} AS x FROM t`, Number(args.runs), false, (engine, error) =>
    console.error(`${name}, ${engine.name}: ${error.message.split('\n')[0]}`),
  );
  const [own, peer] = engines.map(e => best.get(e)?.leastCpu);
  if (own === undefined || peer === undefined) continue;
  const cells = [name, (own * 1000).toFixed(1), (peer * 1000).toFixed(1), (own / peer).toFixed(2)];
  console.log(`| ${cells.join(' | ')} |`);
}
for (const engine of engines) await engine.close();
