import { describe, expect, test } from 'vitest';
import { bindStatement } from '../../src/bind/bind-statement.ts';
import type { BoundStatement } from '../../src/bind/bound-statement.ts';
import { resolve } from '../../src/bind/resolve.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { checkPlan } from '../../src/plan/check.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import { contextOf, optionsOf, statementOf } from '../support/bind.ts';

async function bind(sql: string): Promise<BoundStatement> {
  const statement = statementOf(sql);
  const result = bindStatement(statement, await resolve(statement, contextOf({}, sql)), optionsOf(sql));
  if ('query' in result && result.query !== undefined) checkPlan(result.query.plan);
  return result;
}

async function planOf(sql: string): Promise<string> {
  const result = await bind(sql);
  if (!('query' in result) || result.query === undefined) throw new Error(`${result.kind} has no plan`);
  return `\n${explainPlan(result.query.plan)}\n`;
}

async function errorOf(sql: string): Promise<string> {
  const error: unknown = await bind(sql).catch(e => e);
  if (error instanceof RayexecError) return error.message;
  throw new Error(`no error: ${sql}`);
}

describe('CREATE and DROP', () => {
  test('tables with columns', async () => {
    expect(
      await bind(
        "create table k (id bigint primary key, name varchar not null default 'x', v decimal(10, 2), unique (name))",
      ),
    ).toMatchObject({
      kind: 'create-table',
      table: {
        place: { schema: 'main', name: 'k' },
        columns: [
          { name: 'id', nullable: false },
          { name: 'name', nullable: false, default: { kind: 'literal' } },
          { name: 'v', nullable: true, type: { kind: 'decimal', precision: 10, scale: 2 } },
        ],
        constraints: {
          keys: [
            { primary: true, columns: ['id'] },
            { primary: false, columns: ['name'] },
          ],
          checks: [],
          foreignKeys: [],
        },
      },
    });
  });

  test('tables from queries: names are made distinct, NULL becomes INTEGER', async () => {
    const result = await bind('create table k as select a, a, null as n from t');
    expect(result).toMatchObject({
      kind: 'create-table',
      table: { columns: [{ name: 'a' }, { name: 'a_1' }, { name: 'n', type: { kind: 'int', bits: 32 } }] },
    });
    expect(await planOf('create table k as select a, a, null as n from t')).toMatchInlineSnapshot(`
      "
      project a#0, a_1 := a#3, n#6 := cast(n#4 as INTEGER)
        project a#0, a#3 := a#0, n#4 := NULL
          scan t [a#0, b, s]
      "
    `);
    expect(await bind('create table if not exists t as select 1 as a')).toEqual({ kind: 'nothing' });
  });

  test('views, schemas, types', async () => {
    expect(await bind('create view v(p) as select a, b from t')).toMatchObject({
      kind: 'change',
      change: { change: 'create-view', view: { name: 'v', columns: ['p'] } },
    });
    expect(await bind('create schema if not exists main')).toEqual({ kind: 'nothing' });
    expect(await bind("create type mood as enum ('sad', 'ok')")).toMatchObject({
      change: { type: { name: 'mood', type: { kind: 'enum', values: ['sad', 'ok'] } } },
    });
    expect(await bind('drop table t')).toEqual({
      kind: 'change',
      change: { change: 'drop-relation', place: { schema: 'main', name: 't' } },
    });
    expect(await bind('drop view if exists nope')).toEqual({ kind: 'nothing' });
  });

  test('errors', async () => {
    const errors = [
      'create table t (a int)',
      'create or replace view t as select 1',
      'create table k (a int, A int)',
      'create table k (a int, check (zz > 0))',
      'create table k (a int primary key, b int primary key)',
      'create table k (a int, b as (c), c as (b))',
      'create table k (a int default a)',
      'create table k (a int references t)',
      'create table nowhere.k (a int)',
      'create view v(p, q, r) as select a, b from t',
      'create view v as select zz from t',
      'drop table lineitems',
      'drop view t',
      'drop schema main',
      'alter table t add column a int',
    ];
    expect((await Promise.all(errors.map(errorOf))).join('\n\n')).toMatchInlineSnapshot(`
      "Table with name "t" already exists!
      line 1:14: create table t (a int)
                              ^
      hint: CREATE OR REPLACE TABLE replaces it

      "t" is a table: a view cannot replace it
      line 1:24: create or replace view t as select 1
                                        ^
      hint: DROP TABLE first

      Column with name A already exists!
      line 1:14: create table k (a int, A int)
                              ^
      hint: names of columns differ by more than their case

      Referenced column "zz" not found in FROM clause!
      line 1:31: create table k (a int, check (zz > 0))
                                               ^^
      hint: columns here: a

      table "k" has more than one primary key
      line 1:14: create table k (a int primary key, b int primary key)
                              ^

      Circular dependency encountered when resolving generated column expressions
      hint: column b is computed from itself

      DEFAULT value cannot contain column names
      line 1:31: create table k (a int default a)
                                               ^

      Failed to create foreign key: there is no primary key for referenced table "t"
      line 1:34: create table k (a int references t)
                                                  ^
      hint: name the columns that are referenced: REFERENCES t(a)

      Schema with name nowhere does not exist!
      line 1:14: create table nowhere.k (a int)
                              ^^^^^^^^^
      hint: schemas here: main

      view "v" has 2 columns available but 3 columns specified
      line 1:13: create view v(p, q, r) as select a, b from t
                             ^

      Referenced column "zz" not found in FROM clause!
      line 1:25: create view v as select zz from t
                                         ^^
      hint: columns here: a, b, s

      Table with name lineitems does not exist!
      line 1:12: drop table lineitems
                            ^^^^^^^^^
      hint: did you mean 'lineitem'?

      Existing object t is of type table, not view
      line 1:11: drop view t
                           ^
      hint: DROP TABLE t

      Cannot drop schema "main": it is the default schema
      line 1:13: drop schema main
                             ^^^^

      Column with name "a" already exists!
      line 1:13: alter table t add column a int
                             ^"
    `);
  });
});

describe('INSERT, UPDATE, DELETE', () => {
  test('values are cast; what is left out is NULL or the default', async () => {
    expect(await planOf("insert into t values (1, 2, 'x'), (3, null, default)")).toMatchInlineSnapshot(`
      "
      insert into t
        project a := col0, b := col1, s := col2
          values [col0, col1, col2] (1, 2, 'x'), (3, NULL, NULL)
      "
    `);
    expect(await planOf('insert into d (price, day) select a, null from t')).toMatchInlineSnapshot(`
      "
      insert into d
        project day := cast(NULL as DATE), small := NULL, price := cast(a as DECIMAL(15,2))
          project a, NULL := NULL
            scan t [a, b, s]
      "
    `);
    expect(await planOf('insert into t by name select 1 as s, 2 as a')).toMatchInlineSnapshot(`
      "
      insert into t
        project a#2 := a#1, b := NULL, s#4 := cast(s#0 as VARCHAR)
          project s#0 := 1, a#1 := 2
            values one row without columns
      "
    `);
  });

  test('UPDATE and DELETE find rows and their new values', async () => {
    expect(await planOf('update t set a = b + 1, s = default where b > 2')).toMatchInlineSnapshot(`
      "
      project a#4 := b + 1, s#5 := NULL, $row id := rowid
        filter b > 2
          scan t [a#0, b, s#2, rowid]
      "
    `);
    expect(await planOf('delete from t where a in (select a from u)')).toMatchInlineSnapshot(`
      "
      project $row id := rowid
        semi join on a#0 = a#4
          scan t [a#0, b, s, rowid]
          project a#4
            scan u [a#4, x, y]
      "
    `);
    expect(await bind('update t set a = 1')).toMatchObject({
      kind: 'modify',
      action: 'update',
      target: { name: 't' },
      columns: [0],
      set: [0],
    });
  });

  test('errors', async () => {
    const errors = [
      'insert into t values (1, 2)',
      'insert into t (a, zz) values (1, 2)',
      'insert into tt values (1)',
      'insert into t values (1, 2, 3) returning zz',
      'insert into t values (1, 2, 3) on conflict do nothing',
      'insert into t (a, a) values (1, 2)',
      'update t set zz = 1',
      'update t set a = u.zz from u where t.a = u.a',
      'merge into t using u on t.a = u.a when matched then update set zz = 1',
    ];
    expect((await Promise.all(errors.map(errorOf))).join('\n\n')).toMatchInlineSnapshot(`
      "table t has 3 columns but 2 values were supplied
      line 1:15: insert into t values (1, 2)
                               ^^^^^^^^^^^^^
      hint: name the columns that they are for: INSERT INTO t (a, b)

      Table "t" does not have a column with name "zz"
      line 1:13: insert into t (a, zz) values (1, 2)
                             ^
      hint: columns here: a, b, s

      Table with name tt does not exist!
      line 1:13: insert into tt values (1)
                             ^^
      hint: did you mean 't'?

      Referenced column "zz" not found in FROM clause!
      line 1:42: insert into t values (1, 2, 3) returning zz
                                                          ^^
      hint: columns here: a, b, s

      There are no UNIQUE/PRIMARY KEY constraints that refer to this table, specify ON CONFLICT columns manually
      line 1:13: insert into t values (1, 2, 3) on conflict do nothing
                             ^

      Column "a" is named twice
      line 1:13: insert into t (a, a) values (1, 2)
                             ^

      Referenced update column zz not found in table!
      line 1:8: update t set zz = 1
                       ^
      hint: columns here: a, b, s

      Table "u" does not have a column named "zz"
      line 1:18: update t set a = u.zz from u where t.a = u.a
                                  ^^^^
      hint: columns here: a, x, y

      Referenced update column zz not found in table!
      line 1:12: merge into t using u on t.a = u.a when matched then update set zz = 1
                            ^
      hint: columns here: a, b, s"
    `);
  });
});

describe('COPY and orders to the session', () => {
  test('COPY', async () => {
    expect(await bind("copy (select a, a as b from t) to 'x.csv' (header false, delimiter ';')")).toMatchObject({
      kind: 'copy-to',
      query: {
        plan: {
          target: { format: 'csv', path: 'x.csv', names: ['a', 'b'], options: { header: false, delimiter: ';' } },
        },
      },
    });
    expect(await planOf("copy p (id) from 'x.parquet'").catch(String)).toContain(
      "'x.parquet' has 2 columns, but 1 are to be filled",
    );
    expect(await planOf("copy u (a, y) from 'x.parquet'")).toMatchInlineSnapshot(`
      "
      insert into u
        project a := cast(id as INTEGER), x := NULL, y := name
          scan x.parquet [id, name]
      "
    `);
    expect(await errorOf("copy t to 'x' (format avro)")).toContain('COPY knows no format "avro"');
  });

  test('settings, prepared statements, explain', async () => {
    expect(await bind("set default_order = 'desc'")).toEqual({
      kind: 'set',
      name: 'default_order',
      value: { type: { kind: 'utf8' }, value: 'desc' },
    });
    expect(await bind('set threads = 4')).toMatchObject({ value: { value: 4 } });
    expect(await bind('explain select 1')).toMatchObject({
      kind: 'explain',
      mode: 'plan',
      statement: { kind: 'query' },
    });
    expect(await bind('prepare p as select $1 + 1')).toMatchObject({ kind: 'prepare', name: 'p' });
    expect(await bind('execute p(2 * 3)')).toMatchObject({ kind: 'execute', parameters: { 1: { value: 6 } } });
    expect(await bind('call tpch(0.1)')).toMatchObject({
      kind: 'procedure',
      name: 'tpch',
      positional: [{ value: '1' }],
    });
    expect(await bind('call range(3)')).toMatchObject({ kind: 'query' });
    expect(await bind('use main')).toEqual({ kind: 'change', change: { change: 'use', schema: 'main' } });
    expect(await errorOf('use nowhere')).toContain('Schema with name nowhere does not exist!');
  });
});
