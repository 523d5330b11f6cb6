import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from '../../frontends/sql/index.ts';
import { resolve } from '../../src/bind/resolve.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import type { Query } from '../../src/query/query.ts';
import { bound, calls, contextOf, errorOf, planOf, testCatalog } from '../support/bind.ts';

beforeEach(() => {
  calls.length = 0;
});

const view = (name: string, query: Query, columns?: readonly string[]) =>
  ({ kind: 'view', schema: 'main', name, query, columns }) as const;

describe('resolve', () => {
  test('a file is opened once, however often it is named', async () => {
    await bound("select * from 'a.parquet' x, 'a.parquet' y where x.id in (select id from 'b.csv')");
    expect(calls).toEqual(['read_parquet(["a.parquet"])', 'read_csv(["b.csv"])']);
  });

  test('arguments of table functions are constants and their arithmetic', async () => {
    const parameters = { 1: { type: { kind: 'utf8' }, value: 'p.csv' } } as const;
    await bound("select * from read_csv(['x.csv', 'y.csv'], header = true, skip := 1 + 2), read_csv($1) q", {
      parameters,
    });
    expect(calls).toEqual(['read_csv([["x.csv","y.csv"],["header",true],["skip",3]])', 'read_csv(["p.csv"])']);
    expect(await planOf('select * from range(2 * 5) r(n)')).toContain('scan range');
  });

  test('WITH entries hide tables and files from resolve too', async () => {
    const query = parse('with "a.parquet" as (select 1) select * from \'a.parquet\'');
    expect((await resolve(query, contextOf())).sources.size).toBe(0);
  });

  test('views know the catalog only, not the entries around their use', async () => {
    const catalog = testCatalog.withRelation(view('v', parse('select a, b from t where a > 1'), ['p']));
    expect(await planOf('with t as (select 1) select * from v where p < 5', { catalog })).toMatchInlineSnapshot(`
      "
      project p := a, b
        filter a < 5
          project a, b
            filter a > 1
              scan t [a, b, s]
      "
    `);
    expect((await bound('select v.p, v.b from v', { catalog })).output.map(c => c.name)).toEqual(['p', 'b']);
  });

  test('a view that reads itself is refused', async () => {
    const catalog = testCatalog
      .withRelation(view('v', parse('select * from w')))
      .withRelation(view('w', parse('select * from v')));
    expect(await errorOf('select * from v', { catalog })).toContain('infinite recursion detected');
  });

  test('relations without a name', async () => {
    const source = testCatalog.table({ path: ['t'] }).source;
    const relations = new Map([[7, { id: 7, label: 'rows', source, release: () => undefined }]]);
    const catalog = Catalog.create(builtinFunctions, [], relations);
    expect((await bound({ kind: 'relation', id: 7 }, { catalog })).output.map(c => c.name)).toEqual(['a', 'b', 's']);
    await expect(bound({ kind: 'relation', id: 8 }, { catalog })).rejects.toThrow('The data of this frame is gone');
  });
});
