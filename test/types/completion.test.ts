import ts from 'typescript';
import { expect, it } from 'vitest';
import { compilerOptions, projectFile } from './compiler.ts';

const FILE = projectFile('test/types/completion-sample.ts');
const PRELUDE = `
import { asc, desc } from '../../frontends/dataframe/index.ts';
import type { TpchTables } from '../support/tpch-schema.ts';
declare const { orders, customer, region }: TpchTables;
`;
let text = '';
const options = compilerOptions();
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [FILE],
  getScriptVersion: name => (name === FILE ? text : '1'),
  getScriptSnapshot: name => {
    const source = name === FILE ? text : ts.sys.readFile(name);
    return source === undefined ? undefined : ts.ScriptSnapshot.fromString(source);
  },
  getCurrentDirectory: () => projectFile(''),
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  directoryExists: ts.sys.directoryExists,
});

/** What an editor offers where the `|` stands. */
function offered(code: string): string[] {
  const at = PRELUDE.length + code.indexOf('|');
  text = PRELUDE + code.replace('|', '');
  return service.getCompletionsAtPosition(FILE, at, {})?.entries.map(e => e.name) ?? [];
}

const REGION = ['r_name', 'r_comment', 'r_regionkey'].sort();

it.each([
  'region.filter(t => t.|)',
  "region.select('|')",
  "region.select('r_name', '|')",
  "region.groupBy('|')",
  "region.sort('|')",
  "region.sort(desc('|'))",
  "region.drop('|')",
  'region.rename({ | })',
  "region.values('|')",
  "region.column('|')",
  "region.groupBy('r_name', 'r_comment', 'r_regionkey').agg(t => ({ x: t.| }))",
])('offers columns in %s', code => {
  expect(offered(code).sort()).toEqual(expect.arrayContaining(REGION));
});

it('offers only right columns that compare with the left one', () => {
  expect(offered("orders.join(customer, { o_custkey: '|' })").sort()).toEqual([
    'c_acctbal',
    'c_custkey',
    'c_nationkey',
  ]);
});

it('offers the methods that the type allows', () => {
  const ofDate = offered('orders.filter(t => t.o_orderdate.|)');
  expect(ofDate).toEqual(expect.arrayContaining(['year', 'trunc', 'between']));
  expect(ofDate).not.toContain('startsWith');
  expect(offered('orders.filter(t => t.o_clerk.|)')).toEqual(expect.arrayContaining(['startsWith', 'like']));
});

it('shows the columns when a frame is hovered over', () => {
  const code = "const x = orders.leftJoin(customer, { o_custkey: 'c_custkey' }).groupBy('c_name').count('n');";
  text = PRELUDE + code;
  const info = service.getQuickInfoAtPosition(FILE, PRELUDE.length + code.indexOf('x ='));
  const shown = info?.displayParts
    ?.map(part => part.text)
    .join('')
    .replace(/\s+/g, ' ');
  expect(shown).toBe('const x: DataFrame<{ c_name: "string" | null; n: "int64"; }>');
});
