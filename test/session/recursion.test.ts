import { afterEach, describe, expect, test } from 'vitest';
import { RayexecError } from '../../frontends/index.ts';
import { type OpenSession, openSession, places } from './open-session.ts';

const ENDLESS =
  'WITH RECURSIVE t(n) AS (SELECT range FROM range(5000) UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t';

for (const { name, threads, skip } of places) {
  describe.skipIf(skip)(`recursion ${name}`, () => {
    let open: OpenSession;
    afterEach(() => open.db.close());

    test('rounds leave no memory in use', async () => {
      open = await openSession(threads);
      const { db, bytesInUse } = open;
      await db.execute('CREATE TABLE e AS SELECT range AS a, (range * 7 + 3) % 1000 AS b FROM range(1000)');
      await db.execute('SELECT count(*) FROM e');
      const before = bytesInUse();
      const reach =
        'WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT e.b FROM e JOIN r ON e.a = r.n) SELECT count(*), min(n) FROM r';
      expect((await db.execute(reach)).rows()).toEqual([[20n, 1]]);
      const nested =
        'WITH RECURSIVE o(n) AS (SELECT 1 UNION ALL SELECT n + (WITH RECURSIVE i(k) AS (SELECT 1 UNION ALL ' +
        'SELECT k + 1 FROM i WHERE k < 3) SELECT max(k) FROM i) FROM o WHERE n < 10) SELECT sum(n) FROM o';
      expect((await db.execute(nested)).rows()).toEqual([[22n]]);
      expect(bytesInUse()).toBe(before);
    });

    test('an endless recursion can be cancelled', async () => {
      open = await openSession(threads);
      const { db, bytesInUse } = open;
      await db.execute('SELECT 1');
      const before = bytesInUse();
      for (const sql of [
        ENDLESS,
        'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t',
      ]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 50);
        const error = await db.execute(sql, undefined, { signal: controller.signal }).then(
          () => undefined,
          (e: RayexecError) => e,
        );
        expect(error?.code, sql).toBe('cancelled');
        expect(bytesInUse(), sql).toBe(before);
      }
    });

    test('an endless recursion ends at the memory limit, and says how far it came', async () => {
      open = await openSession(threads, 48 * 2 ** 20);
      const { db, bytesInUse } = open;
      await db.execute('SELECT 1');
      const before = bytesInUse();
      const error = await db.execute(ENDLESS).then(
        () => undefined,
        (e: RayexecError) => e,
      );
      expect(error).toBeInstanceOf(RayexecError);
      expect(error?.code).toBe('memory');
      expect(error?.hint).toMatch(/the recursion has \d+ rows after \d+ rounds/);
      expect(bytesInUse()).toBe(before);
      expect((await db.execute('SELECT 2 AS a')).rows()).toEqual([[2]]);
    });

    test('a limit ends it when there are enough rows', async () => {
      open = await openSession(threads);
      const sql =
        'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n * 2 FROM t LIMIT 3 OFFSET 2';
      expect((await open.db.execute(sql)).rowCount).toBe(3);
    });
  });
}
