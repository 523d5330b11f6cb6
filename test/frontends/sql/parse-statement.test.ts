import { expect, test } from 'vitest';
import { parseStatements, printStatement } from '../../../frontends/sql/index.ts';
import type { Expr } from '../../../src/query/expr.ts';
import type { ColumnDefinition, Statement } from '../../../src/query/statement.ts';
import { INT32, UTF8 } from '../../../src/types/data-type.ts';
import { call, literal, name, select, table } from '../../support/query-nodes.ts';
import { withoutSpans } from '../../support/without-spans.ts';

const [a, b] = [name('a'), name('b')];
const [one, two] = [literal(1), literal(2)];
const yes: Expr = { kind: 'literal', value: { type: { kind: 'boolean' }, value: true } };
const object = (...path: string[]) => ({ path });
const t = object('t');
const column = (n: string, more: Partial<ColumnDefinition> = {}): ColumnDefinition => ({
  name: n,
  type: INT32,
  notNull: false,
  primaryKey: false,
  unique: false,
  ...more,
});
const set = [{ name: 'a', expr: one }];
const values = { kind: 'values', rows: [[one, two]] } as const;
const query: Statement = { kind: 'query', query: select() };

const cases: [sql: string, expected: Statement][] = [
  [
    'create table t (a int)',
    { kind: 'create-table', name: t, columns: [column('a')], constraints: [], mode: 'create', temporary: false },
  ],
  [
    `create or replace temp table s.t (a int primary key default -1, b varchar not null unique collate nocase check (b > 'x'), c int as (a + 1), foreign key (a) references u (b), check (a > 1), unique (a, b))`,
    {
      kind: 'create-table',
      name: object('s', 't'),
      columns: [
        column('a', { primaryKey: true, default: literal(-1) }),
        column('b', {
          type: UTF8,
          notNull: true,
          unique: true,
          collation: 'nocase',
          check: call('>', b, literal('x')),
        }),
        column('c', { generated: call('+', a, one) }),
      ],
      constraints: [
        { kind: 'foreign-key', columns: ['a'], table: object('u'), referenced: ['b'] },
        { kind: 'check', expr: call('>', a, one) },
        { kind: 'unique', columns: ['a', 'b'] },
      ],
      mode: 'or-replace',
      temporary: true,
    },
  ],
  [
    'create table if not exists t (a int default 1 not null)',
    {
      kind: 'create-table',
      name: t,
      columns: [column('a', { default: one, notNull: true })],
      constraints: [],
      mode: 'if-not-exists',
      temporary: false,
    },
  ],
  [
    'create table t as from t with no data',
    {
      kind: 'create-table',
      name: t,
      columns: [],
      constraints: [],
      query: select(),
      mode: 'create',
      temporary: false,
      withData: false,
    },
  ],
  [
    'create table t (a int references u)',
    {
      kind: 'create-table',
      name: t,
      columns: [column('a')],
      constraints: [{ kind: 'foreign-key', columns: ['a'], table: object('u'), referenced: [] }],
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'create view v (a, b) as from t',
    { kind: 'create-view', name: object('v'), columns: ['a', 'b'], query: select(), mode: 'create', temporary: false },
  ],
  ['create schema if not exists s', { kind: 'create-schema', name: object('s'), mode: 'if-not-exists' }],
  [
    "create type mood as enum ('x', 'y')",
    { kind: 'create-type', name: object('mood'), type: { kind: 'enum', values: ['x', 'y'] }, mode: 'create' },
  ],
  ['create type mood as enum (from t)', { kind: 'create-type', name: object('mood'), type: select(), mode: 'create' }],
  [
    'create macro f(a, b := 1) as a + b',
    {
      kind: 'create-macro',
      name: object('f'),
      definitions: [{ params: [{ name: 'a' }, { name: 'b', default: one }], body: { expr: call('+', a, b) } }],
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'create function f() as table from t',
    {
      kind: 'create-macro',
      name: object('f'),
      definitions: [{ params: [], body: { query: select() } }],
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'create sequence s',
    {
      kind: 'create-sequence',
      name: object('s'),
      start: '1',
      increment: '1',
      cycle: false,
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'create sequence s increment by -2 minvalue -10 maxvalue 10 cycle',
    {
      kind: 'create-sequence',
      name: object('s'),
      start: '10',
      increment: '-2',
      min: '-10',
      max: '10',
      cycle: true,
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'drop table if exists s.t cascade',
    { kind: 'drop', what: 'table', names: [object('s', 't')], ifExists: true, cascade: true },
  ],
  [
    'drop view v, w',
    { kind: 'drop', what: 'view', names: [object('v'), object('w')], ifExists: false, cascade: false },
  ],
  [
    'create macro f(a) as a, (a int, b) as b',
    {
      kind: 'create-macro',
      name: object('f'),
      definitions: [
        { params: [{ name: 'a' }], body: { expr: a } },
        { params: [{ name: 'a', type: INT32 }, { name: 'b' }], body: { expr: b } },
      ],
      mode: 'create',
      temporary: false,
    },
  ],
  [
    'create unique index if not exists i on s.t using art (a, (b) desc)',
    {
      kind: 'create-index',
      name: 'i',
      table: object('s', 't'),
      unique: true,
      keys: [a, b],
      mode: 'if-not-exists',
    },
  ],
  ['drop index if exists i', { kind: 'drop', what: 'index', names: [object('i')], ifExists: true, cascade: false }],
  ["comment on column s.t.a is 'it''s'", { kind: 'comment', on: 'column', name: object('s', 't', 'a'), text: "it's" }],
  ['comment on macro table f is null', { kind: 'comment', on: 'macro-table', name: object('f') }],
  ['vacuum analyze t (a, b)', { kind: 'upkeep', task: 'vacuum', name: t, columns: ['a', 'b'] }],
  ['analyze', { kind: 'upkeep', task: 'analyze' }],
  ['force checkpoint memory', { kind: 'upkeep', task: 'checkpoint', name: object('memory') }],
  ['force install json from core', { kind: 'load', extension: 'json' }],
  ["attach or replace ':memory:' as x", { kind: 'attach', path: ':memory:', name: 'x', mode: 'or-replace' }],
  ['detach database if exists x', { kind: 'detach', name: 'x', ifExists: true }],
  ['begin read only', { kind: 'transaction', action: 'begin', readOnly: true }],
  ['alter view if exists v rename to w', { kind: 'alter-view', name: object('v'), ifExists: true, to: 'w' }],
  [
    'alter table t add constraint c primary key (a, b)',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'add-key', primary: true, columns: ['a', 'b'] } },
  ],
  [
    'alter table t add column s.x.a int',
    {
      kind: 'alter-table',
      name: t,
      ifExists: false,
      action: { kind: 'add-field', path: ['s', 'x', 'a'], column: column('a'), ifNotExists: false },
    },
  ],
  [
    'alter table t drop column if exists s.x',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'drop-field', path: ['s', 'x'], ifExists: true } },
  ],
  [
    'alter table t rename s."X y" to z',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'rename-field', path: ['s', 'X y'], to: 'z' } },
  ],
  ['drop macro table f', { kind: 'drop', what: 'macro-table', names: [object('f')], ifExists: false, cascade: false }],
  [
    'alter table if exists t add column if not exists a int',
    {
      kind: 'alter-table',
      name: t,
      ifExists: true,
      action: { kind: 'add-column', column: column('a'), ifNotExists: true },
    },
  ],
  [
    'alter table t drop a cascade',
    {
      kind: 'alter-table',
      name: t,
      ifExists: false,
      action: { kind: 'drop-column', column: 'a', ifExists: false, cascade: true },
    },
  ],
  [
    'alter table t rename a to b',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'rename-column', column: 'a', to: 'b' } },
  ],
  [
    'alter table t rename to u',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'rename-table', to: 'u' } },
  ],
  [
    'alter table t alter a set data type int using b',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'set-type', column: 'a', type: INT32, using: b } },
  ],
  [
    'alter table t alter column a set default 1',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'set-default', column: 'a', value: one } },
  ],
  [
    'alter table t alter a drop default',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'set-default', column: 'a' } },
  ],
  [
    'alter table t alter a set not null',
    { kind: 'alter-table', name: t, ifExists: false, action: { kind: 'set-not-null', column: 'a' } },
  ],
  ['insert into t values (1, 2)', { kind: 'insert', table: t, byName: false, source: values }],
  ['insert into t (a, b) (from t)', { kind: 'insert', table: t, columns: ['a', 'b'], byName: false, source: select() }],
  [
    'insert into t values (1, default)',
    { kind: 'insert', table: t, byName: false, source: { kind: 'values', rows: [[one, call('default')]] } },
  ],
  [
    'insert into t default values returning *',
    { kind: 'insert', table: t, byName: false, source: 'default-values', returning: [{ expr: { kind: 'star' } }] },
  ],
  [
    'insert or replace into t by name from t',
    { kind: 'insert', table: t, byName: true, source: select(), onConflict: { action: 'replace' } },
  ],
  [
    'insert into t values (1, 2) on conflict do nothing',
    { kind: 'insert', table: t, byName: false, source: values, onConflict: { action: 'nothing' } },
  ],
  [
    'insert into t values (1, 2) on conflict (a) do update set a = 1 where b returning a as x',
    {
      kind: 'insert',
      table: t,
      byName: false,
      source: values,
      onConflict: { columns: ['a'], action: { set, where: b } },
      returning: [{ expr: a, alias: 'x' }],
    },
  ],
  [
    'update t x set a = 1 from u where b returning a',
    { kind: 'update', table: t, alias: 'x', set, from: table('u'), where: b, returning: [{ expr: a }] },
  ],
  ['update t set (a, b) = (1, 2)', { kind: 'update', table: t, set: [...set, { name: 'b', expr: two }] }],
  ['delete from t as x using u where b', { kind: 'delete', table: t, alias: 'x', using: table('u'), where: b }],
  [
    'with recursive c(x) as (from t) delete from t where b',
    {
      kind: 'delete',
      table: t,
      where: b,
      with: { recursive: true, ctes: [{ name: 'c', columns: ['x'], query: select() }] },
    },
  ],
  ['truncate table t', { kind: 'truncate', table: t }],
  [
    'merge into t using (from t) as s on a = b when matched and a > 1 then update set a = 1 when matched then delete when not matched by source then do nothing when not matched then insert (a) values (1)',
    {
      kind: 'merge',
      table: t,
      using: { kind: 'alias', input: select(), name: 's' },
      on: call('=', a, b),
      clauses: [
        { when: 'matched', condition: call('>', a, one), action: { kind: 'update', set } },
        { when: 'matched', action: { kind: 'delete' } },
        { when: 'not-matched-by-source', action: { kind: 'nothing' } },
        { when: 'not-matched', action: { kind: 'insert', columns: ['a'], values: [one] } },
      ],
    },
  ],
  [
    "copy t (a) to 'x.csv' (format csv, header, delimiter ';', partition_by (a, b))",
    {
      kind: 'copy-to',
      source: select({ items: [{ expr: a }] }),
      path: literal('x.csv'),
      options: {
        format: literal('csv'),
        header: yes,
        delimiter: literal(';'),
        partition_by: call('list_value', literal('a'), literal('b')),
      },
    },
  ],
  ["copy (from t) to 'x.parquet'", { kind: 'copy-to', source: select(), path: literal('x.parquet'), options: {} }],
  [
    "copy t to ('x' || $1) (force_quote *)",
    {
      kind: 'copy-to',
      source: table('t'),
      path: call('||', literal('x'), { kind: 'parameter', name: '1' }),
      options: { force_quote: { kind: 'star' } },
    },
  ],
  [
    "copy t from 'x.csv' csv header delimiter ','",
    {
      kind: 'copy-from',
      table: t,
      path: literal('x.csv'),
      options: { format: literal('csv'), header: yes, delimiter: literal(',') },
    },
  ],
  ['explain from t', { kind: 'explain', statement: query, mode: 'plan' }],
  ['explain analyze from t', { kind: 'explain', statement: query, mode: 'analyze' }],
  ['explain verbose from t', { kind: 'explain', statement: query, mode: 'verbose' }],
  ['explain (format json, analyze) from t', { kind: 'explain', statement: query, mode: 'analyze', format: 'json' }],
  [
    'explain (select 1)',
    { kind: 'explain', statement: { kind: 'query', query: { kind: 'select', items: [{ expr: one }] } }, mode: 'plan' },
  ],
  ['set threads = 1', { kind: 'set', name: 'threads', value: one }],
  [
    'set session default_null_order to nulls_last',
    { kind: 'set', name: 'default_null_order', value: literal('nulls_last') },
  ],
  ["set time zone 'UTC'", { kind: 'set', name: 'timezone', value: literal('UTC') }],
  [
    'set search_path = a, b',
    { kind: 'set', name: 'search_path', value: call('list_value', literal('a'), literal('b')) },
  ],
  ['set variable x = 1', { kind: 'set', name: 'x', value: one, variable: true }],
  ['reset threads', { kind: 'reset', name: 'threads' }],
  ['prepare p (int) as from t', { kind: 'prepare', name: 'p', statement: query }],
  ['execute p(1, 2)', { kind: 'execute', name: 'p', args: [one, two] }],
  ['execute p(x := 1)', { kind: 'execute', name: 'p', args: [], named: { x: one } }],
  ['deallocate prepare p', { kind: 'deallocate', name: 'p' }],
  ['start transaction', { kind: 'transaction', action: 'begin' }],
  ['end', { kind: 'transaction', action: 'commit' }],
  ['abort', { kind: 'transaction', action: 'rollback' }],
  ['use c.s', { kind: 'use', name: object('c', 's') }],
  ['call f(1)', { kind: 'call', name: 'f', args: [one] }],
  ["pragma table_info('t')", { kind: 'call', name: 'pragma_table_info', args: [literal('t')] }],
  ['values (1, 2)', { kind: 'query', query: values }],
];

test.each(cases)('%s', (sql, expected) => {
  const [parsed, ...others] = parseStatements(sql);
  expect(others).toEqual([]);
  expect(withoutSpans(parsed)).toEqual(withoutSpans(expected));
  const text = printStatement(parsed!);
  expect(withoutSpans(parseStatements(text)), text).toEqual(withoutSpans([expected]));
});

test('a script gives its statements with their places', () => {
  const script = "; select 1; -- one\n/* two; */ select ';' ;;";
  const texts = parseStatements(script).map(({ span }) => script.slice(span!.start, span!.end));
  expect(texts).toEqual(['select 1', "select ';'"]);
  expect(parseStatements(' -- nothing')).toEqual([]);
});

test('each statement counts its own ? parameters', () => {
  const printed = parseStatements('select ?, ?; select ?').map(printStatement);
  expect(printed).toEqual(['SELECT $1, $2', 'SELECT $1']);
});
