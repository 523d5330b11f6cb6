import { describe, expect, it, vi } from 'vitest';
import type { ResultSet } from '../../../frontends/dataframe/index.ts';
import { DATE, decimal, INT64, UTF8 } from '../../../src/types/data-type.ts';
import { executorGiving, frameOver } from './frame-over.ts';

type S = { id: 'int64'; price: 'decimal'; name: 'string' | null; day: 'date' };
const columns = [
  [1n, 2n],
  [150n, 5n],
  ['x', null],
  [0, 10471],
];
const result: ResultSet = {
  schema: [
    { name: 'id', type: INT64, nullable: false },
    { name: 'price', type: decimal(15, 2), nullable: false },
    { name: 'name', type: UTF8, nullable: true },
    { name: 'day', type: DATE, nullable: false },
  ],
  rowCount: 2,
  column: i => columns[i]!,
};
const frame = (of: ResultSet = result) => {
  const executor = executorGiving(of);
  return { executor, df: frameOver<S>('t', executor) };
};
const rows = [
  { id: 1, price: 1.5, name: 'x', day: new Date(0) },
  { id: 2, price: 0.05, name: null, day: new Date('1998-09-02') },
];

describe('rows', () => {
  it('are plain objects that JSON can hold', async () => {
    const { df } = frame();
    const collected = await df.collect();
    expect(collected).toEqual(rows);
    expect(JSON.parse(JSON.stringify(collected))[1].day).toBe('1998-09-02T00:00:00.000Z');
  });

  it('follow the options', async () => {
    const { df } = frame();
    expect(await df.collect({ int64: 'bigint', decimal: 'string', date: 'string' })).toEqual([
      { id: 1n, price: '1.50', name: 'x', day: '1970-01-01' },
      { id: 2n, price: '0.05', name: null, day: '1998-09-02' },
    ]);
  });

  it('may have a column called __proto__', async () => {
    const { df } = frame({
      schema: [{ name: '__proto__', type: INT64, nullable: false }],
      rowCount: 1,
      column: () => [7n],
    });
    const [row] = await df.collect();
    expect(Object.entries(row!)).toEqual([['__proto__', 7]]);
  });

  it('come as the first, the only one, or batches', async () => {
    const { df, executor } = frame();
    expect(await df.first()).toEqual(rows[0]);
    expect(executor.asked.at(-1)).toMatchObject({ kind: 'limit', count: { value: { value: 1 } } });
    await expect(df.one()).rejects.toThrow('one(): there is more than one row');
    expect(await frame({ ...result, rowCount: 1 }).df.one()).toEqual(rows[0]);
    await expect(frame({ ...result, rowCount: 0 }).df.one()).rejects.toThrow('one(): there is no row');
    expect(await frame({ ...result, rowCount: 0 }).df.first()).toBe(undefined);
    for await (const batch of df.stream()) {
      expect(batch.rowCount).toBe(2);
      expect(batch.rows()).toEqual(rows);
      expect(batch.column('price')).toEqual([1.5, 0.05]);
      expect(() => batch.column('prise' as 'price')).toThrow("there is no column 'prise'\nhint: did you mean 'price'?");
    }
  });
});

describe('columns', () => {
  it('are typed arrays where numbers have no NULLs', async () => {
    const { df } = frame();
    expect(await df.toColumns()).toEqual({
      id: new Float64Array([1, 2]),
      price: new Float64Array([1.5, 0.05]),
      name: ['x', null],
      day: rows.map(row => row.day),
    });
    expect((await df.toColumns({ int64: 'bigint' })).id).toEqual([1n, 2n]);
  });

  it('are read one at a time', async () => {
    const { df, executor } = frame();
    expect(await df.values('id')).toEqual([1, 2]);
    expect(executor.asked.at(-1)).toMatchObject({ kind: 'select', items: [{ expr: { path: ['id'] } }] });
  });
});

describe('the rest', () => {
  it('counts by a query', async () => {
    const { df, executor } = frame();
    expect(await df.count()).toBe(1);
    expect(executor.asked.at(-1)).toMatchObject({
      kind: 'aggregate',
      keys: [],
      aggregates: [{ expr: { fn: 'count' } }],
    });
  });

  it('writes, explains, prints itself', async () => {
    const { df } = frame();
    expect(await df.writeParquet('x.parquet', { compression: 'zstd' })).toBe(2);
    expect(await df.explain()).toBe('plan');
    expect(await df.explain({ analyze: true })).toBe('analyze');
    expect(String(df)).toBe('FROM t\n-- lazy: call .show() or .collect()');
  });

  it('shows a table, and that there is more', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await frame().df.show();
    await frame().df.show(1);
    const [all, first] = log.mock.calls.map(([text]) => text);
    log.mockRestore();
    expect(all).toBe(
      [
        '┌────────┬───────────────┬─────────┬────────────┐',
        '│     id │         price │ name    │ day        │',
        '│ BIGINT │ DECIMAL(15,2) │ VARCHAR │ DATE       │',
        '├────────┼───────────────┼─────────┼────────────┤',
        '│      1 │          1.50 │ x       │ 1970-01-01 │',
        '│      2 │          0.05 │ NULL    │ 1998-09-02 │',
        '└────────┴───────────────┴─────────┴────────────┘',
        '2 rows',
      ].join('\n'),
    );
    expect(first).toMatch(/first 1 row$/);
  });

  it('shows what fits the terminal, or the width that is asked for', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { stdout } = process;
    const before = Object.getOwnPropertyDescriptor(stdout, 'columns');
    Object.defineProperty(stdout, 'columns', { value: 30, configurable: true });
    await frame().df.show();
    await frame().df.show(20, { width: 200 });
    if (before === undefined) Reflect.deleteProperty(stdout, 'columns');
    else Object.defineProperty(stdout, 'columns', before);
    const [narrow, wide] = log.mock.calls.map(([text]) => text);
    log.mockRestore();
    expect(narrow).toMatch(/2 rows, 2 of 4 columns$/);
    expect(wide).toMatch(/2 rows$/);
  });
});
