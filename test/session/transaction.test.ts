import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../frontends/index.ts';
import { openSession } from './open-session.ts';

let db: Database;
let bytesInUse: () => number;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ db, bytesInUse } = await openSession(0));
  close = () => db.close();
  await db.execute('create table t(i int primary key, s text)');
  await db.execute("insert into t values (1, 'one'), (2, 'two')");
});
afterEach(() => close());

const rows = async (from: Database, sql = 'select i from t order by i'): Promise<unknown[]> =>
  (await from.execute(sql)).rows().map(r => r[0]);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  );

describe('transaction(…)', () => {
  test('others see nothing of it before it has ended, then all', async () => {
    const result = await db.transaction(async tx => {
      await tx.execute("insert into t values (3, 'three')");
      await tx.execute('create table u as select 5 as a');
      await tx.execute('update t set i = 10 where i = 1');
      expect(await rows(tx)).toEqual([2, 3, 10]);
      expect(await rows(db)).toEqual([1, 2]);
      expect(await codeOf(db.execute('from u'))).toBe('catalog');
      return tx.table('t').count();
    });
    expect(result).toBe(3);
    expect(await rows(db)).toEqual([2, 3, 10]);
    expect(await rows(db, 'select a from u')).toEqual([5]);
  });

  test('it sees the state that it began with', async () => {
    await db.transaction(async tx => {
      expect(await rows(tx)).toEqual([1, 2]);
      await db.execute('delete from t');
      await db.execute('create or replace table other as select 1 as a');
      expect(await rows(tx)).toEqual([1, 2]);
      expect(await rows(tx)).toEqual([1, 2]);
    });
    expect(await rows(db)).toEqual([]);
  });

  test('an error takes all of it back', async () => {
    const before = bytesInUse();
    await expect(
      db.transaction(async tx => {
        await tx.execute("insert into t select i, 'x' from range(10, 5000) r(i)");
        await tx.execute('drop table t');
        await tx.execute('create table v as select * from range(10000)');
        throw new Error('enough');
      }),
    ).rejects.toThrow('enough');
    expect(await rows(db)).toEqual([1, 2]);
    expect(bytesInUse()).toBeLessThanOrEqual(before); // the index of keys may be gone
  });

  test('who commits first wins', async () => {
    const first = db.transaction(async tx => {
      await tx.execute("insert into t values (3, 'first')");
      await db.transaction(other => other.execute("insert into t values (4, 'second')"));
    });
    expect(await codeOf(first)).toBe('conflict');
    expect(await rows(db)).toEqual([1, 2, 4]);
    // Different tables are no conflict.
    await db.execute('create table u(a int)');
    await db.transaction(async tx => {
      await tx.execute('insert into u values (1)');
      await db.execute("insert into t values (5, 'five')");
    });
    expect(await rows(db)).toEqual([1, 2, 4, 5]);
    expect(await rows(db, 'select a from u')).toEqual([1]);
  });

  test('keys are checked against what the transaction sees', async () => {
    expect(await codeOf(db.transaction(tx => tx.execute("insert into t values (1, 'again')")))).toBe('constraint');
    await db.transaction(async tx => {
      await tx.execute('delete from t where i = 1');
      await tx.execute("insert into t values (1, 'new')");
      expect(await codeOf(db.execute("insert into t values (1, 'old')"))).toBe('constraint');
    });
    expect(await rows(db, 'select s from t where i = 1')).toEqual(['new']);
  });

  test('its database ends with it; BEGIN and COMMIT have no place in it', async () => {
    let kept: Database | undefined;
    await db.transaction(async tx => {
      kept = tx;
      expect(await codeOf(tx.execute('commit'))).toBe('catalog');
      expect(await codeOf(tx.execute('begin'))).toBe('catalog');
    });
    expect(await codeOf(kept!.execute('from t'))).toBe('closed');
  });

  test('frames of the database go together with those of the transaction', async () => {
    await db.transaction(async tx => {
      await tx.execute("insert into t values (3, 'three')");
      const names = db.from([{ i: 3, name: 'drei' }]);
      const joined = tx.table('t').join(names, 'i');
      expect(await joined.collect()).toMatchObject([{ i: 3, name: 'drei' }]);
    });
  });
});

describe('BEGIN … COMMIT', () => {
  test('is seen by others when it is committed', async () => {
    await db.execute('begin');
    await db.execute("insert into t values (3, 'three')");
    await db.transaction(async tx => expect(await rows(tx)).toEqual([1, 2]));
    await db.execute('commit');
    await db.transaction(async tx => expect(await rows(tx)).toEqual([1, 2, 3]));
  });

  test('COMMIT after another one has changed the same table is a conflict, and nothing is kept', async () => {
    await db.execute('begin');
    await db.execute('update t set s = upper(s)');
    await db.transaction(tx => tx.execute("insert into t values (9, 'nine')"));
    expect(await codeOf(db.execute('commit'))).toBe('conflict');
    expect(await rows(db, 'select s from t order by i')).toEqual(['one', 'two', 'nine']);
    expect(await codeOf(db.execute('commit'))).toBe('catalog');
  });
});

test('statements at once run one after the other', async () => {
  await Promise.all(Array.from({ length: 50 }, (_, i) => db.execute(`insert into t values (${10 + i}, 'x')`)));
  await Promise.all(Array.from({ length: 20 }, () => db.execute('update t set i = i + 1000 where i < 1000')));
  expect(await rows(db, 'select count(*) as n from t where i >= 1000')).toEqual([52n]);
});
