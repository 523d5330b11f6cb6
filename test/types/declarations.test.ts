import ts from 'typescript';
import { expect, it } from 'vitest';
import { compilerOptions, projectFile } from './compiler.ts';

const FILE = projectFile('test/types/row-values-sample.ts');
const HEAD = `import { type Any, connect, type Database, type Row } from '../../frontends/index.ts';
import { type Equal, expect } from './expect.ts';
export declare const used: [Any, typeof connect, Database, typeof expect, Equal<1, 1>, Row<Any>];
type T = { id: 'int64'; price: 'decimal'; at: 'timestamp' | null; ids: import('../../frontends/index.ts').List<'int64'>; n: 'int32' };
`;
const DECLARED = `declare module '../../frontends/dataframe/js-values.ts' {
  interface RowValues { int64: 'bigint'; timestamp: 'string' }
}
declare module '../../frontends/session/sql-types/index.ts' {
  interface Queries { 'from elsewhere select *': { n: 'int64'; s: 'string' | null } }
}
`;

/** What the compiler says of a program's lines, in which RowValues and Queries are declared or not: a declaration is for all files. */
function messages(code: string, declared: string): string[] {
  const options = { ...compilerOptions(), noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const text = HEAD + declared + code;
  const read = host.getSourceFile.bind(host);
  const exists = host.fileExists.bind(host);
  host.fileExists = name => name === FILE || exists(name);
  host.getSourceFile = (name, version, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, version) : read(name, version, ...rest);
  const program = ts.createProgram([FILE], options, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(FILE)).map(({ start, messageText }) => {
    const line = text.slice(text.lastIndexOf('\n', start) + 1).split('\n', 1)[0];
    return `${line}\n${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

it('rows are typed as declared, which must be given', { timeout: 120_000 }, () => {
  const code = `
const db = connect<{ t: T }>({ threads: 0, values: { int64: 'bigint', timestamp: 'string' } });
const t = db.table('t');
type R = { id: bigint; price: number; at: string | null; ids: bigint[]; n: number };
expect<Equal<Row<typeof t>, R>>();
export const f = async () => {
  const rows = await t.collect();
  expect<Equal<(typeof rows)[number], R>>();
  const numbers = await t.select('id').collect({ int64: 'number' });
  expect<Equal<(typeof numbers)[number], { id: number }>>();
  const { id, n } = await t.toColumns();
  expect<Equal<typeof id, bigint[]>>();
  expect<Equal<typeof n, Int32Array>>();
  const ids = await t.values('id');
  expect<Equal<typeof ids, bigint[]>>();
  const counted = await db.sql('select count(*) as c from t').one();
  expect<Equal<typeof counted, { c: bigint }>>();
  const known = await db.sql('from elsewhere select *').one();
  expect<Equal<typeof known, { n: bigint; s: string | null }>>();
  const named = await connect({ values: { int64: 'bigint', timestamp: 'string' } }).sql('from elsewhere select *').one();
  expect<Equal<typeof named, { n: bigint; s: string | null }>>();
  for await (const batch of t.stream()) { const rows = batch.rows(); expect<Equal<(typeof rows)[number], R>>(); }
};
db.udf('next', ['int64'], 'int64', n => n + 1);
connect();
connect({ values: { int64: 'bigint', timestamp: 'date' } });
connect({ values: { int64: 'bigint', timestamp: 'string', date: 'days' } });
`;
  expect(messages(code, DECLARED)).toMatchInlineSnapshot(`
    [
      "connect();
    Expected 1 arguments, but got 0.",
      "connect({ values: { int64: 'bigint', timestamp: 'date' } });
    Type '"date"' is not assignable to type '"string"'.",
      "connect({ values: { int64: 'bigint', timestamp: 'string', date: 'days' } });
    Type '"days"' is not assignable to type '"declare it first: declare module 'rayexec' { interface RowValues { date: … } }"'.",
    ]
  `);
});

it('what is not declared can not be given', { timeout: 120_000 }, () => {
  const code = `
connect();
connect({ threads: 2, values: {} });
connect({ values: { int64: 'bigint' } });
`;
  expect(messages(code, '')).toMatchInlineSnapshot(`
    [
      "connect({ values: { int64: 'bigint' } });
    Type '"bigint"' is not assignable to type '"declare it first: declare module 'rayexec' { interface RowValues { int64: … } }"'.",
    ]
  `);
});
