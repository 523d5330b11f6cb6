import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as rayexec from '../../frontends/index.ts';
import type { Any, Database, DataFrame } from '../../frontends/index.ts';
import type { DataType } from '../../src/types/data-type.ts';
import { compilerOptions, projectFile } from './compiler.ts';
import { typeTag } from './type-tag.ts';

/** A column of each type, `a` and (with a NULL) `n_a`: its tag, SQL type and a value. */
const COLUMNS = [
  ['int8', 'TINYINT', '1'],
  ['int16', 'SMALLINT', '2'],
  ['int32', 'INTEGER', '3'],
  ['int64', 'BIGINT', '4'],
  ['int128', 'HUGEINT', '5'],
  ['uint8', 'UTINYINT', '1'],
  ['uint16', 'USMALLINT', '2'],
  ['uint32', 'UINTEGER', '3'],
  ['uint64', 'UBIGINT', '4'],
  ['uint128', 'UHUGEINT', '5'],
  ['float32', 'REAL', '1.5'],
  ['float64', 'DOUBLE', '2.5'],
  ['decimal', 'DECIMAL(10,2)', '1.25'],
  ['date', 'DATE', `'2020-01-01'`],
  ['timestamp', 'TIMESTAMP', `'2020-01-01 01:02:03'`],
  ['timestamptz', 'TIMESTAMPTZ', `'2020-01-01 01:02:03+00'`],
  ['boolean', 'BOOLEAN', 'true'],
  ['string', 'VARCHAR', `'ab'`],
  ['binary', 'BLOB', `'ab'`],
  ['bit', 'BIT', `'101'`],
  ['time', 'TIME', `'01:02:03'`],
  ['timetz', 'TIMETZ', `'01:02:03+00'`],
  ['interval', 'INTERVAL', `'1 day'`],
  ['uuid', 'UUID', `'6c6f6f6b-0000-4000-8000-000000000000'`],
  ['json', 'JSON', `'{}'`],
] as const;
const TAGS: readonly string[] = COLUMNS.map(([tag]) => tag);
const NUMBERS = TAGS.slice(0, 13);
const MOMENTS = TAGS.slice(13, 16);
const NESTED = ['e', 'n_e', 'list', 'n_list', 'st', 'n_st'];
/** Numbers of a program, `n` and `big` ones that the compiler does not know. */
const WHOLE = ['1', '-1', '127', '128', '300', '40000', '3000000000', '5000000000000', '1n', '300n', 'n', 'big'];
const CONSTANTS = [...WHOLE, '1.5', '1e30', `'x'`, `'2020-01-01'`, 'true', 'null', 'new Date(0)'];

function each<A, B>(a: readonly A[], b: readonly B[], text: (x: A, y: B) => string | readonly string[]): string[] {
  return a.flatMap(x => b.flatMap(y => text(x, y)));
}

const ROWS = [
  ...each(NUMBERS, NUMBERS, (a, b) => [
    ...['add', 'intDiv', 'mod'].map(op => `t.${a}.${op}(t.${b})`),
    `coalesce(t.n_${a}, t.${b})`,
    `t.n_${a}.fillNull(t.${b})`,
  ]),
  ...each(['int32', 'float32', 'decimal'], NUMBERS, (a, b) => [`t.${a}.div(t.${b})`, `t.${b}.div(t.${a})`]),
  ...each(NUMBERS, [...WHOLE, '1.5', '1e30'], (a, v) => [
    `t.${a}.mul(${v})`,
    `sub(${v}, t.${a})`,
    `t.n_${a}.fillNull(${v})`,
    `when(t.n_boolean, ${v}).otherwise(t.${a})`,
  ]),
  ...each(NUMBERS, ['1', '1.5', '300n'], (a, v) => [
    ...['intDiv', 'mod', 'div', 'pow'].map(op => `t.${a}.${op}(${v})`),
    `when(t.boolean, ${v}).when(t.boolean, t.n_${a}).otherwise(${v})`,
    `coalesce(t.n_${a}, ${v}, 300)`,
  ]),
  ...each(NUMBERS, ['neg()', 'abs()', 'round()', 'round(1)', 'floor()', 'ceil()', 'sqrt()'], (a, m) => `t.${a}.${m}`),
  ...each(MOMENTS, MOMENTS, (a, b) => [`coalesce(t.n_${a}, t.${b})`, `t.${a}.eq(t.${b})`]),
  ...each(['boolean', 'string', 'date'], ['boolean', 'int8', 'uint64', 'json', 'float64'], (a, b) => [
    `coalesce(t.n_${a}, t.${b})`,
    `coalesce(t.n_${b}, t.n_${a})`,
  ]),
  ...CONSTANTS.flatMap(v => [v, `lit(${v})`, `t.boolean.ifElse(${v}, null)`, `when(t.boolean, ${v}).end()`]),
  ...each(CONSTANTS.slice(9), CONSTANTS.slice(9), (a, b) => `t.boolean.ifElse(${a}, ${b})`),
  ...each(
    MOMENTS.flatMap(a => [a, `n_${a}`]),
    ['year()', 'dayOfWeek()', `trunc('month')`, 'plus({ days: 1 })', `diff('2020-01-01', 'day')`, `format('%Y')`],
    (a, m) => `t.${a}.${m}`,
  ),
  ...each(
    ['string', 'n_string', 'e'],
    ['lower()', 'trim()', 'length()', 'substring(2)', `like('a%')`, `replace('a', 'b')`, `split(',')`, 'concat(1)'],
    (a, m) => `t.${a}.${m}`,
  ),
  ...each(
    [...TAGS.slice(12).flatMap(a => [a, `n_${a}`]), ...NESTED],
    ['eq(#)', 'isDistinctFrom(null)', 'nullIf(#)', 'in([#])', 'fillNull(#)'],
    (a, m) => `t.${a}.${m.replace('#', `t.${a}`)}`,
  ),
  ...[`t.n_date.fillNull('2020-01-01')`, 't.n_date.fillNull(new Date(1))', 't.n_timestamp.fillNull(new Date(0))'],
  ...['coalesce(t.n_e, "x")', 'coalesce(t.n_e, t.string)', 't.n_e.fillNull("y")', 'coalesce(t.string, t.e)'],
  ...['t.list.len()', 't.list.at(0)', 't.list.map(x => x.add(1.5))', 't.n_list.map(x => x.length()).at(0)'],
  ...['coalesce(t.list.map(x => x.cast("int64")), t.list)', 't.list.map(x => x.fillNull(0))', 't.list.contains(1)'],
  ...['t.st.field("a")', 't.n_st.field("a").add(1)', 'and(t.boolean, t.n_boolean)', 't.int32.in([1, t.n_int32])'],
  ...[`t.boolean.ifElse(t.n_int8, 'x')`, 'when(t.boolean, 1).when(t.boolean, null).when(t.boolean, true).end()'],
  ...['sub(1, t.$("int32"))', 'coalesce(t.$("int32"), 1)', 't.boolean.ifElse(t.$("string"), "x")', 'sub(1, 2)'],
  ...[
    'coalesce(t.n_date, "2020-01-01")',
    't.boolean.ifElse("01:00:00", t.time)',
    'coalesce(t.n_timestamptz, new Date(0))',
  ],
];
const AGGREGATES = [
  ...each(
    NUMBERS.flatMap(a => [a, `n_${a}`]),
    ['sum()', 'avg()', 'std()', 'median()', 'quantile(0.5)', 'sum().filterWhere(t.int32.gt(9))', 'sum().fillNull(0)'],
    (a, m) => `t.${a}.${m}`,
  ),
  ...each([...TAGS.flatMap(a => [a, `n_${a}`]), ...NESTED], ['min()', 'collectList()'], (a, m) => `t.${a}.${m}`),
  ...['count()', 't.boolean.any()', 't.n_boolean.all()', 't.int32.sum().div(count())', 'coalesce(t.int8.max(), 0)'],
];
const WINDOWS = each(
  [...TAGS.slice(10).flatMap(a => [a, `n_${a}`]), ...NESTED],
  ['max().over(t.int32)', 'lag().over({ orderBy: t.int32 })', 'min().over({ orderBy: t.int32, rows: [1, 2] })'],
  (a, m) => `t.${a}.${m}`,
);

/** How frames of one column `x` are made of expressions. */
const FRAMES: readonly (readonly [(expr: string) => string, readonly string[]])[] = [
  [expr => `df.select(t => ({ x: ${expr} }))`, [...ROWS, ...WINDOWS]],
  [expr => `df.filter(t => t.int8.gt(9)).agg(t => ({ x: ${expr} }))`, AGGREGATES],
  [expr => `df.groupBy('uint8').agg(t => ({ x: ${expr} })).select('x')`, AGGREGATES],
];

/** The column `x` of each frame as the compiler sees it: its type's members, or undefined where it refuses the frame. */
function compiled(frames: readonly string[]): (readonly string[] | undefined)[] {
  const file = projectFile('test/types/expressions-sample.ts');
  const schema = COLUMNS.map(([tag]) => `${tag}: '${tag}'; n_${tag}: '${tag}' | null;`).join(' ');
  const source = `import type { DataFrame, Enum, List, Struct } from '../../frontends/index.ts';
import { add, and, coalesce, count, lit, sub, when } from '../../frontends/index.ts';
export declare const df: DataFrame<{ ${schema} e: Enum<'x' | 'y'>; n_e: Enum<'x' | 'y'> | null; list: List<'int32' | null>;
  n_list: List<'string' | null> | null; st: Struct<{ a: 'int32' | null }>; n_st: Struct<{ a: 'int32' | null }> | null }>;
declare let n: number; declare let big: bigint;
export const unused = [add, and, coalesce, count, lit, sub, when, n, big];
${frames.map((frame, i) => `export const frame${i} = ${frame};`).join('\n')}`;
  const first = source.slice(0, source.indexOf('export const frame0')).split('\n').length - 1;
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, source, version, true) : read(name, version, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = name => name === file || exists(name);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const parsed = program.getSourceFile(file)!;
  const lineOf = (position: number): number => parsed.getLineAndCharacterOfPosition(position).line - first;
  const refused = new Set(program.getSemanticDiagnostics(parsed).map(d => lineOf(d.start!)));
  const columnOf = (statement: ts.VariableStatement): string[] => {
    const { name } = statement.declarationList.declarations[0]!;
    const [schema] = checker.getTypeArguments(checker.getTypeAtLocation(name) as ts.TypeReference);
    const x = checker.getTypeOfSymbol(checker.getPropertyOfType(schema!, 'x')!);
    const flags = ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.NoTruncation;
    return (x.isUnion() ? x.types : [x]).map(member => checker.typeToString(member, undefined, flags));
  };
  const columns: (readonly string[] | undefined)[] = [];
  for (const statement of parsed.statements) {
    if (!ts.isVariableStatement(statement) || lineOf(statement.getStart()) < 0) continue;
    columns.push(refused.has(lineOf(statement.getStart())) ? undefined : columnOf(statement));
  }
  return columns;
}

describe('types of expressions', () => {
  let db: Database<Any>;
  beforeAll(async () => {
    db = rayexec.connect<Any>({ threads: 0 });
    const row = (second: boolean): string =>
      [
        ...COLUMNS.flatMap(([, , value]) => [value, second ? 'NULL' : value]),
        ...(second
          ? [`'y'`, 'NULL', '[]', 'NULL', `{'a': NULL}`, 'NULL']
          : [`'x'`, `'y'`, '[1, NULL]', `['a', NULL]`, `{'a': 1}`, `{'a': NULL}`]),
      ].join(', ');
    const columns = COLUMNS.flatMap(([tag, type]) => [`${tag} ${type} NOT NULL`, `n_${tag} ${type}`]);
    await db.execute(`CREATE TABLE t (${columns.join(', ')}, e ENUM('x', 'y') NOT NULL, n_e ENUM('x', 'y'),
      list INTEGER[] NOT NULL, n_list VARCHAR[], st STRUCT(a INTEGER) NOT NULL, n_st STRUCT(a INTEGER));
      INSERT INTO t VALUES (${row(false)}), (${row(true)})`);
  });
  afterAll(() => db.close());

  it('are what the engine binds, and never without the NULLs that come', { timeout: 300_000 }, async () => {
    const frames = FRAMES.flatMap(([frame, expressions]) => [...new Set(expressions)].map(frame));
    const types = compiled(frames);
    const { add, and, coalesce, count, lit, sub, when } = rayexec;
    const names = ['df', 'add', 'and', 'coalesce', 'count', 'lit', 'sub', 'when', 'n', 'big'];
    const values = [db.table('t'), add, and, coalesce, count, lit, sub, when, 7, 7n];
    const wrong: string[] = [];
    let refused = 0;
    for (const [i, text] of frames.entries()) {
      const type = types[i];
      const bound = await outcome(() => new Function(...names, `return ${text}`)(...values));
      if (type === undefined) {
        // Text that a constant has by chance may convert, which only the engine knows.
        if (bound !== undefined && !/'x'|'2020-01-01'/.test(text)) wrong.push(`refused: ${text}`);
        refused++;
      } else if (bound === undefined) {
        wrong.push(`the engine refuses ${text}`);
      } else if (!type.includes('any')) {
        const tag = bound.type.kind === 'null' ? 'null' : typeTag(bound.type);
        if (!type.some(t => t.startsWith(tag))) wrong.push(`${tag}, not ${type.join(' | ')}: ${text}`);
        if (bound.hasNull && !type.includes('null')) wrong.push(`NULL, but ${type.join(' | ')}: ${text}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(frames.length).toBeGreaterThan(2500);
    expect(refused).toBeLessThan(frames.length / 20);
  });
});

/** The type of a frame's only column, and whether there is a NULL; undefined for a frame that is not bound. */
async function outcome(
  make: () => DataFrame<Any>,
): Promise<{ readonly type: DataType; readonly hasNull: boolean } | undefined> {
  try {
    const frame = make();
    const [field] = await frame.schema();
    const rows = await frame.collect({ int64: 'bigint' }).catch(() => []);
    return { type: field!.type, hasNull: rows.some(row => row['x'] === null) };
  } catch (error) {
    if (error instanceof rayexec.RayexecError) return undefined;
    throw error;
  }
}
