import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { connect } from '../../frontends/index.ts';
import type { DataType, Schema } from '../../src/types/data-type.ts';
import { Random } from '../fuzz/random.ts';
import { QueryMaker } from '../fuzz/random-query.ts';
import { randomTable, tableSql } from '../fuzz/random-table.ts';
import { tpchQueries } from '../support/tpch-queries.ts';
import { compilerOptions, projectFile } from './compiler.ts';
import { typeTag } from './type-tag.ts';

const TABLES = [
  `CREATE TABLE t (id INTEGER NOT NULL, big BIGINT NOT NULL, tiny TINYINT NOT NULL, u UINTEGER NOT NULL, huge HUGEINT,
    price DECIMAL(10,2) NOT NULL, f DOUBLE NOT NULL, r REAL NOT NULL, name VARCHAR NOT NULL, note VARCHAR, ok BOOLEAN NOT NULL,
    maybe BOOLEAN, d DATE NOT NULL, ts TIMESTAMP NOT NULL, due DATE, n INTEGER, tags VARCHAR[] NOT NULL,
    s STRUCT(a INTEGER, b VARCHAR) NOT NULL, utiny UTINYINT NOT NULL, j JSON NOT NULL)`,
  'CREATE TABLE p (id INTEGER NOT NULL, t_id INTEGER NOT NULL, Amount DOUBLE, label VARCHAR NOT NULL)',
];

/** Expressions over `t`, each typed alone. */
const EXPRESSIONS = [
  ...[
    'id + 1',
    'id + 3000000000',
    'id * big',
    'id - price',
    'price * 1.5',
    'price + 1',
    'f * 2',
    'r * 1.5',
    'tiny + 1',
    'u + 1',
  ],
  ...[
    'u - id',
    'huge + id',
    '-id',
    '-u',
    'id / 2',
    'price / 2',
    'r / 2',
    'id // 2',
    'id % 3',
    'id ^ 2',
    'n + 1',
    '1 + 1',
    '2 ** 3',
  ],
  ...[
    'd + 1',
    'd - 1',
    'd - d',
    'ts - ts',
    "d + interval '1' day",
    'ts - interval 1 month',
    'interval 2 days + interval 1 hour',
  ],
  ...[
    "interval '1 day' + d",
    'd - due',
    'ts - d',
    'id + d',
    "name || 'x'",
    'name || id',
    'note || name',
    'tags || tags',
    'id & 3',
  ],
  ...[
    'id | 1',
    'id << 2',
    'id = 1',
    'id <> n',
    'id >= 1 and n < 2',
    'ok or maybe',
    'not ok',
    'not maybe',
    'n is null',
    'n is not null',
  ],
  ...[
    'maybe is true',
    'n is distinct from id',
    'n is not distinct from 1',
    'id in (1, 2)',
    'id in (1, null)',
    'n in (1)',
    'id not in (3)',
  ],
  ...[
    'id in (select id from p)',
    'exists (select 1 from p)',
    'id between 1 and 2',
    'id not between n and 5',
    "name like 'a%'",
  ],
  ...[
    "note not like 'b_'",
    "name ilike 'x' or ok",
    "name like 'a!%' escape '!'",
    "name similar to 'a+'",
    "name ~ 'a'",
    'id::varchar',
  ],
  ...[
    'cast(id as bigint)',
    'cast(n as double)',
    'try_cast(name as int)',
    'name::decimal(10,2)',
    'id::double precision',
    'tags::varchar[]',
  ],
  ...[
    '-id::bigint',
    'id::bigint + 1',
    "'2020-01-01'::date",
    "date '2020-01-01'",
    "timestamp '2020-01-01 00:00:00'",
    'current_date',
  ],
  ...[
    'case when ok then 1 else 2 end',
    'case when ok then 1 end',
    'case id when 1 then price else 0 end',
    'case when ok then name else note end',
  ],
  ...[
    'case when ok then id when maybe then big else 1.5 end',
    'case when maybe then null else id end',
    'coalesce(n, 0)',
    'coalesce(n, null)',
  ],
  ...[
    'coalesce(note, name)',
    'coalesce(n, huge)',
    "ifnull(note, 'x')",
    'nullif(id, 1)',
    'greatest(id, 2)',
    'least(id, price)',
    'if(ok, 1, n)',
  ],
  ...[
    'abs(id)',
    'abs(price)',
    'round(price, 1)',
    'round(f)',
    'round(id)',
    'floor(f)',
    'ceil(price)',
    'sqrt(id)',
    'ln(n)',
    'pow(f, 2)',
    'mod(id, 2)',
  ],
  ...[
    'lower(name)',
    'upper(note)',
    'trim(name)',
    'length(name)',
    'length(tags)',
    'substring(name, 1, 2)',
    'substring(name from 2 for 1)',
  ],
  ...[
    "replace(name, 'a', note)",
    'concat(name, note, id)',
    "concat_ws('-', name, note)",
    "starts_with(name, 'a')",
    "regexp_replace(name, 'a', 'b')",
  ],
  ...[
    "position('a' in name)",
    "strpos(name, 'a')",
    "split_part(name, ',', 1)",
    "string_split(name, ',')",
    'md5(name)',
    'typeof(id)',
    'pi()',
  ],
  ...[
    'year(d)',
    'month(due)',
    'extract(year from ts)',
    'extract(epoch from ts)',
    "date_trunc('month', d)",
    "date_trunc('hour', ts)",
  ],
  ...[
    "date_part('year', d)",
    "date_diff('day', d, due)",
    'last_day(d)',
    "strftime(d, '%Y')",
    'now()',
    'monthname(d)',
    'make_date(2020, 1, 1)',
  ],
  ...[
    'row_number() over ()',
    'rank() over (order by id)',
    'sum(id) over (partition by name)',
    'sum(n) over ()',
    'lag(id) over (order by id)',
  ],
  ...[
    'sum(id) over (order by id rows between 2 preceding and 1 preceding)',
    'count(*) over (order by d)',
    'first_value(name) over (order by d)',
  ],
  ...[
    'avg(price) over w',
    'min(name) over (partition by id order by d)',
    'ntile(3) over (order by id)',
    'percent_rank() over (order by id)',
  ],
  ...[
    'sum(id) filter (where ok) over ()',
    '(select max(id) from p)',
    '(select count(*) from p)',
    '(select label from p where p.id = t.id limit 1)',
  ],
  ...[
    '(select amount from p limit 1) + 1',
    'tags[1]',
    'tags[1:2]',
    's.a',
    '(s).b',
    't.s',
    't.id',
    "s['a']",
    '[1, 2]',
    "{'a': 1}",
    '(id, n)',
    'id is null',
  ],
  ...[
    'null',
    'true',
    '1',
    '1.5',
    '1e3',
    '12345678901',
    "'it''s'",
    'list_transform(tags, x -> upper(x))',
    '(id + 1) * (n - (2 + big))',
    '+id',
    '- 1',
  ],
  ...[
    'tiny + utiny',
    'price // 2',
    'id // 2.5',
    'r // 2',
    'huge % 1.5',
    'mod(huge, price)',
    'mod(id, price)',
    'round(u)',
    '~id',
    '@id + 1',
    '5!',
    "coalesce(j, 'a')",
    'coalesce(j, name)',
  ],
  ...[
    'coalesce(ok, 1)',
    "case when ok then j else 'a' end",
    'coalesce(tags, [name])',
    'd::timestamptz',
    'd::timestamp with time zone',
    'ts::timestamp without time zone + interval 1 day',
    'id::character varying',
    'id::int8',
    "name::char || 'x'",
  ],
  ...[
    'ID',
    'T.Price',
    '"id"',
    't."name"',
    '"t".id',
    'unknown_fn(id)',
    'hash(id)',
    'case when id > 1 then interval 1 day else interval 2 day end',
  ],
];

const AGGREGATES = [
  ...[
    'sum(id)',
    'sum(price)',
    'sum(f)',
    'sum(r)',
    'sum(n)',
    'avg(id)',
    'avg(n)',
    'min(name)',
    'max(note)',
    'max(d)',
    'count(*)',
    'count(n)',
  ],
  ...[
    'count(distinct id)',
    'any_value(id)',
    'first(id)',
    'median(id)',
    'median(price)',
    'mode(name)',
    "string_agg(name, ',' order by id)",
  ],
  ...[
    'list(id)',
    'stddev(id)',
    'bool_and(ok)',
    'arg_max(name, id)',
    'sum(id) filter (where ok)',
    'count(*) filter (where ok)',
    'sum(id) + 1',
  ],
  ...[
    'sum(id) / count(*)',
    'coalesce(sum(id), 0)',
    'quantile_cont(f, 0.5) ',
    'sum(distinct id)',
    'min(id, 2)',
    'sum(sum(id)) over ()',
  ],
  ...[
    'approx_count_distinct(id)',
    'corr(id, f)',
    'max(id) - min(id)',
    'case when sum(id) > 3 then 1 else 0 end',
    'sum(tiny)',
    'sum(ok)',
    'sum(maybe)',
    'percentile_cont(0.5) within group (order by f)',
    'mode() within group (order by id)',
    'sum(big * price)',
  ],
];

/** Expressions whose text is the column's name. */
const UNNAMED = [
  ...[
    '1',
    '-1',
    '007',
    '1.5',
    "'x'",
    '(id)',
    '((id))',
    '(t.id)',
    't.id + 1',
    'id+1',
    'id - n + 2',
    'id * n / 2',
    'id + n * 2',
  ],
  ...[
    'id * n + 2',
    '(id + n) * 2',
    '(id + n) - (n - 2)',
    'ID + N',
    'COUNT(distinct id)',
    'sum(id + 1)',
    'Sum(distinct t.id * 2)',
  ],
  ...[
    'substr(name, 1, 2)',
    'lcase(name)',
    'pow(2, 3)',
    'power(2, 3)',
    'log(id)',
    'mean(id)',
    'ifnull(n, 1)',
    'instr(name, name)',
  ],
  ...[
    'datediff(name, d, due)',
    'left(name, 1)',
    'repeat(name, 2)',
    'repeat([id], 2)',
    'sin(id) + cos(id)',
    'today()',
    'stddev_samp(id)',
  ],
  ...[
    'arg_min(id, n)',
    'min_by(id, n)',
    'variance(id)',
    'var_samp(id)',
    'group_concat(name)',
    'last(id)',
    'any_value(id)',
    'if(ok, id, n)',
  ],
  ...[
    'week(d)',
    'dayofweek(d)',
    'dayname(d)',
    'isnan(f)',
    'initcap(name)',
    'translate(name, name, name)',
    'ltrim(name)',
    'lpad(name, 2, name)',
  ],
  ...[
    'id / n / 2',
    'id % 2',
    'id - - 1',
    'id ** 2',
    'id // 2',
    '"id" + 1',
    'abs("id")',
    's.a + 1',
    't.s.a',
    'id isnull',
    'not ok',
  ],
];

/** Columns without an alias have the engine's name, or none that is worked out. */
const WITHOUT_ALIAS = [
  ...EXPRESSIONS.map(e => `select ${e} from t window w as (partition by id order by d)`),
  ...[...AGGREGATES, ...UNNAMED].map(e => `select ${e} from t`),
];

const QUERIES = [
  ...EXPRESSIONS.map(e => `select ${e} as x from t window w as (partition by id order by d)`),
  ...AGGREGATES.map(e => `select ${e} as x from t`),
  ...AGGREGATES.map(e => `select name, ${e} as x from t group by name having count(*) > 0 order by 1`),
  ...AGGREGATES.map(e => `select name, id, ${e} as x from t group by rollup (name, id)`),
  ...AGGREGATES.slice(0, 4).map(e => `select ${e} as x from t group by all`),
  ...[
    'select * from t',
    'select t.* from t join p on t.id = p.t_id',
    'select p.*, name from t left join p on t.id = p.t_id',
    'select t.id, label from t right join p on t.id = p.t_id',
    'select t.id as a, p.id as b from t full outer join p using (id)',
    'select id from t full join p using (id)',
    'select t.name, label from t natural join p',
    'select name from t semi join p on t.id = p.id',
    'select name from t anti join p using (id)',
    'select a.name, b.label from t as a, p as b where a.id = b.id',
    'select a.name, b.name as other from t a cross join t b',
    'select a.id, b.label, c.label as l2 from t a join p b on a.id = b.id left join p c on b.id = c.t_id',
    'select a.id, b.label, c.amount from t a left join p b on a.id = b.id join p c on c.id = a.id',
    'select sum(id), count(*), max(t.d), name from t group by name',
    'select count(*), id, t.id as x from t group by id',
    'select q.y from t, (select t.id + 1 as y) q',
    'select q.y from t left join (select t.id + 1 as y, t.note) q on true',
    'select q.y from (select id from t) a, (select a.id as y, label from p) q',
    'select q.y from t, (select t.nothing as y) q',
    'select distinct name, note from t order by name limit 3',
    'select distinct on (name) name, id from t',
    'select all id from t where n is not null',
    'select id, id + 1 as next, next + 1 as third from t',
    'select q.x + 1 as y from (select id as x from t where ok) as q',
    'select y.x, y.m from (select name as x, max(id) as m from t group by name) y where y.m > 3',
    'with q as (select id as k, count(*) as c from t group by id) select k, c from q',
    'with a as materialized (select id from t), b as (select a.id, label from a join p on a.id = p.id) select * from b',
    'with q(x, y) as (select id, name from t) select x, y from q',
    'with q(x) as (select id, name from t) select x, name from q',
    'with q("X y", z) as (select id, name from t) select "X y", z from q',
    'with q(x) as (select * from p) select x from q',
    'with q(x, y, z) as (select id, name from t) select x from q',
    'with q(x) as materialized (select id from t), r(y) as (select x + 1 from q) select x, y from q join r on x = y',
    'with q(x, x) as (select id, name from t) select 1 as one from q',
    'with q(name) as (select id, name from t) select 1 as one from q',
    'with q(a, "A") as (select id, name from t) select 1 as one from q',
    'with q(x) as (select 1, 2) select x from q',
    'with recursive c as (select 1 as x union all select x + 1 from c where x < 3) select x from c',
    'select id from t union all select t_id from p',
    'select id as x, note as y from t union select big, name from t order by x',
    'select name as x from t except select label from p',
    'select 1 as one, null as nothing',
    'select id from t union by name select label from p',
    'select id, name from t where id = (select max(t_id) from p where p.label = t.name)',
    'select (select id) as same, (select sum(p.amount) from p where p.t_id = t.id) as total from t',
    'select id from t where exists (select 1 from p where p.t_id = t.id) and note is not null;',
    'select a from (values (1), (2)) v(a)',
    'select x from range(3) r(x)',
    'select * exclude (id) from p',
    'select * exclude (id, t_id) from p',
    'select * exclude (ID, "label") from p',
    'select * exclude (nothing) from p',
    'select * exclude id from p',
    'select * exclude (id), id from p',
    'select p.* exclude (id), t.name from p join t on t.id = p.t_id',
    'select * exclude (p.id) from p join t on t.id = p.t_id',
    'select * exclude (id) from p join t on t.id = p.t_id',
    'select * exclude (id) from (select id, name from t) q',
    'select count(*) exclude from p',
    'select columns(*) from p',
    'select b + 1 as x, c from (select id, name from t) as q(b, c)',
    'select a, name from (select id, name from t) as q(a)',
    'select * from (select id, name, n from t) q(a, b) join p on p.id = a',
    'select x from (select * from p) q(x)',
    'select x from (select 1, 2) q(x, x)',
    'select name, id, grouping(name), grouping(id, name) as g from t group by rollup (name, id)',
    'select strlen(note) as l, ascii(note) as a, sha256(note) as h from t',
    "select prefix(name, 'a') as p, suffix(note, 'b') as s from t",
    'select * replace (id + 1 as id) from p',
    'select * rename (id as key) from p',
    'from t select id, name',
    'select label, Amount from p',
    'select LABEL, amount as Amt from P',
    'select id as "My Name", name as "b" from t',
    'select id as "My  Name" from t',
    'select id as "a, b (c)" from t',
    'select id as "select" from t',
    `select id as "it's" from t`,
    'select id as "a""b" from t',
    'select id as "a -- b" from t',
    'select "My Name" + 1 as x from (select id as "My Name" from t) q',
    'select "q r".id from t as "q r"',
    'select a: id, b: name from t',
    'select id -- a comment\n from t',
    'select id from t -- the end',
    '-- the start\nselect id from t',
    'select id /* one */, /* two, three */ name from t',
    'select id /* one /* in */ another */, name from t',
    "select id, 'no -- comment' as c from t",
    "select id, 'no /* comment */' as c, name from t -- 'it'",
    "select id -- it's\n, name from t where name = 'x'",
    'select id as "no -- comment" from t',
    'select id --1\n - 1 as x from t',
    'select id/**/as/**/x from t',
    'select 1--\n+ 2 as x',
    'select id /* from p */ from t /* open',
    'select\n  id,\n\tname\nfrom\n  t\nwhere\n  id > 3',
    'select id from t limit 3 offset 1',
    'select id from t qualify row_number() over (partition by name order by id) = 1',
    'select id, count(*) over (partition by name) c from t window w as (order by id)',
    'select id from t tablesample 10 percent',
    'select id from t using sample 10 percent',
    "select label from p where id in (select id from t where name like 'a%' group by id having sum(n) > 3)",
    'select unnest(tags) as tag, id from t',
    'select ((((((((id)))))))) as deep from t',
    'select id, (select max(amount) from p) from t',
    "select id from t where name = 'from p, where' and note <> ','",
    'select id, name id2, d as "d" from t order by id desc nulls last',
    'select * from (select id, name from t) s join (select t_id, label from p) p on s.id = p.t_id',
  ],
];

/** What the compiler makes of texts: columns with their tags, or why there are none. */
type Typed = { readonly columns: Map<string, string> } | 'untyped' | { readonly error: string };

function typed(schema: string, texts: readonly string[]): { readonly types: Typed[]; readonly instantiations: number } {
  const file = projectFile('test/types/sql-types-sample.ts');
  const options = { ...compilerOptions(), noErrorTruncation: true };
  const host = ts.createCompilerHost(options);
  const source = `import type { CheckedSql, SqlColumns } from '../../frontends/session/sql-types/index.ts';
import type { TpchSchema } from '../support/tpch-schema.ts';
export type Db = ${schema};
${texts.map((t, i) => `export declare const q${i}: [SqlColumns<Db, ${JSON.stringify(t)}>, CheckedSql<Db, ${JSON.stringify(t)}>];`).join('\n')}`;
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, source, version) : read(name, version, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = name => name === file || exists(name);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const parsed = program.getSourceFile(file)!;
  expect(
    ts.getPreEmitDiagnostics(program, parsed).map(d => ts.flattenDiagnosticMessageText(d.messageText, '\n')),
  ).toEqual([]);
  const types: Typed[] = [];
  ts.forEachChild(parsed, node => {
    if (!ts.isVariableStatement(node)) return;
    const [columns, checked] = checker.getTypeArguments(
      checker.getTypeAtLocation(node.declarationList.declarations[0]!.name) as ts.TypeReference,
    );
    const text = checked!.isStringLiteral() ? checked.value : '';
    if (text.startsWith('SQL error: ')) types.push({ error: text });
    else if (columns!.getStringIndexType() !== undefined) types.push('untyped');
    else if ((columns!.flags & ts.TypeFlags.Object) === 0) types.push({ error: checker.typeToString(columns!) });
    else {
      const of = (p: ts.Symbol): [string, string] => [
        p.name,
        checker.typeToString(checker.getTypeOfSymbol(p), undefined, ts.TypeFormatFlags.InTypeAlias),
      ];
      types.push({ columns: new Map(checker.getPropertiesOfType(columns!).map(of)) });
    }
  });
  return { types, instantiations: program.getInstantiationCount() };
}

/** The tag of a type in a schema, as the compiler prints it, elements and all. */
const tagOf = (type: DataType): string =>
  type.kind === 'list' ? `List<${tagOf(type.element)} | null>` : typeTag(type);

/** Whether the compiler's columns are what the engine binds: types equal or `any`, and nothing that may be NULL taken as not. */
function agrees(columns: ReadonlyMap<string, string>, schema: Schema): string[] {
  const names = schema.map(f => f.name);
  const problems = [...columns.keys()].filter(n => !names.includes(n)).map(n => `no column ${n}`);
  for (const { name, type, nullable } of schema) {
    const printed = columns.get(name);
    if (printed === undefined) problems.push(`${name} is missing`);
    if (printed === undefined || printed === 'any') continue;
    const isNullable = printed === 'null' || printed.endsWith(' | null');
    const tag = printed === 'null' ? '"null"' : printed.replace(/ \| null$/, '');
    if (!tag.startsWith(tagOf(type))) problems.push(`${name} is ${tagOf(type)}, not ${tag}`);
    if (nullable && !isNullable) problems.push(`${name} may be NULL`);
  }
  return problems;
}

const list = (type: DataType): string =>
  type.kind === 'list'
    ? `import('../../frontends/index.ts').List<${list(type.element)} | null>`
    : type.kind === 'struct'
      ? `import('../../frontends/index.ts').Struct<{ ${type.fields.map(f => `${f.name}: ${list(f.type)} | null`).join('; ')} }>`
      : tagOf(type);
const declared = (schema: Schema): string =>
  `{ ${schema.map(f => `${JSON.stringify(f.name)}: ${list(f.type)}${f.nullable ? ' | null' : ''}`).join('; ')} }`;

/** Compares the compiler's view of queries with the engine's. Returns the untyped ones and those called wrong. */
async function compare(
  tables: readonly string[],
  queries: readonly string[],
): Promise<{ untyped: string[]; wrong: string[] }> {
  const db = connect();
  try {
    for (const sql of tables) await db.execute(sql);
    const names = [...new Set(tables.flatMap(sql => /TABLE (\w+)/.exec(sql)?.[1] ?? []))];
    const schemas = await Promise.all(names.map(async n => `${n}: ${declared(await db.table(n).schema())}`));
    const { types } = typed(`{ ${schemas.join('; ')} }`, queries);
    const untyped: string[] = [];
    const wrong: string[] = [];
    for (const [i, text] of queries.entries()) {
      const type = types[i]!;
      if (type === 'untyped') {
        untyped.push(text);
        continue;
      }
      // Some random texts are no SQL.
      const bound = await Promise.resolve(text)
        .then(t => db.sql(t).schema())
        .catch((e: Error) => e);
      if ('error' in type) {
        if (!(bound instanceof Error)) wrong.push(`${type.error}: ${text}`);
      } else if (!(bound instanceof Error)) {
        wrong.push(...agrees(type.columns, bound).map(p => `${p}: ${text}`));
      }
    }
    return { untyped, wrong };
  } finally {
    await db.close();
  }
}

describe('types of SQL literals', () => {
  it('are what the engine binds', { timeout: 120_000 }, async () => {
    const { untyped: all, wrong } = await compare(TABLES, [...QUERIES, ...WITHOUT_ALIAS]);
    expect(wrong).toEqual([]);
    const [nameless, untyped] = [true, false].map(b => all.filter(text => WITHOUT_ALIAS.includes(text) === b));
    expect(nameless!.filter(text => UNNAMED.some(e => text === `select ${e} from t`))).toMatchInlineSnapshot(`
      [
        "select -1 from t",
        "select 007 from t",
        "select 1.5 from t",
        "select 'x' from t",
        "select (t.id) from t",
        "select id + n * 2 from t",
        "select lcase(name) from t",
        "select repeat([id], 2) from t",
        "select id - - 1 from t",
        "select id ** 2 from t",
        "select id // 2 from t",
        "select "id" + 1 from t",
        "select abs("id") from t",
        "select t.s.a from t",
        "select id isnull from t",
        "select not ok from t",
      ]
    `);
    expect(untyped).toMatchInlineSnapshot(`
      [
        "with recursive c as (select 1 as x union all select x + 1 from c where x < 3) select x from c",
        "select id from t union by name select label from p",
        "select a from (values (1), (2)) v(a)",
        "select * exclude (nothing) from p",
        "select * exclude id from p",
        "select * exclude (p.id) from p join t on t.id = p.t_id",
        "select * exclude (id) from p join t on t.id = p.t_id",
        "select columns(*) from p",
        "select * replace (id + 1 as id) from p",
        "select * rename (id as key) from p",
        "from t select id, name",
        "select id as "a, b (c)" from t",
        "select id as "it's" from t",
        "select id as "a""b" from t",
        "select id as "a -- b" from t",
        "select "q r".id from t as "q r"",
        "select a: id, b: name from t",
        "select id /* one /* in */ another */, name from t",
        "select id, 'no -- comment' as c from t",
        "select id, 'no /* comment */' as c, name from t -- 'it'",
        "select id as "no -- comment" from t",
        "select id /* from p */ from t /* open",
        "select id from t tablesample 10 percent",
        "select id from t using sample 10 percent",
        "select id, (select max(amount) from p) from t",
      ]
    `);
  });

  it('are what the engine binds, for random queries', { timeout: 120_000 }, async () => {
    const random = new Random(20_261_129);
    const tables = random.several(3, 3, i => randomTable(random, `t${i}`));
    const maker = new QueryMaker(random, tables);
    const { untyped, wrong } = await compare(
      tables.flatMap(t => tableSql(t)),
      Array.from({ length: 60 }, () => maker.query().sql),
    );
    expect(wrong).toEqual([]);
    expect(untyped.length).toBeLessThan(40);
  });

  it('cover the queries of TPC-H', () => {
    const { types, instantiations } = typed(
      'TpchSchema',
      tpchQueries.map(q => q.sql),
    );
    expect(types.flatMap((t, i) => (t === 'untyped' || 'error' in t ? [i + 1, t] : []))).toMatchInlineSnapshot(`[]`);
    expect(instantiations).toBeLessThan(450_000);
  });
});
