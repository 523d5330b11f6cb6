import { describe, expect, it } from 'vitest';
import { connect } from '../../frontends/index.ts';
import { TestFiles } from './file-cases.ts';

const files = new TestFiles();

describe.each(['parquet', 'csv', 'json', 'arrow'])('the path of a row of %s', format => {
  const [one, two] = [1, 2].map(i => files.path(`${format}-${i}.${format}`)) as [string, string];

  it('is a column that only its names find', async () => {
    const db = connect({ threads: 0 });
    try {
      await db.execute(`COPY (SELECT range AS a FROM range(3)) TO '${one}'`);
      await db.execute(`COPY (SELECT range + 10 AS a FROM range(2)) TO '${two}'`);
      const rows = (sql: string) => db.sql(sql).collect();
      const scan = `'${files.path(`${format}-*`)}'`.replace('*', `*.${format}`);
      expect(Object.keys((await rows(`SELECT * FROM ${scan} WHERE a = 2`))[0]!)).toEqual(['a']);
      expect(await rows(`SELECT DISTINCT a, filename FROM ${scan} WHERE a IN (2, 11) ORDER BY a`)).toEqual([
        { a: 2, filename: one },
        { a: 11, filename: two },
      ]);
      const list = `read_${format}(['${two}', '${one}'])`;
      expect(await rows(`SELECT _filename, count(*)::INT AS n FROM ${list} GROUP BY _filename ORDER BY n`)).toEqual([
        { _filename: two, n: 2 },
        { _filename: one, n: 3 },
      ]);
      expect(await rows(`SELECT a FROM ${list} WHERE _filename = '${two}' AND a > 10`)).toEqual([{ a: 11 }]);
    } finally {
      await db.close();
    }
  });
});

it('yields to a column of the file with its name', async () => {
  const path = files.put('own.csv', '_filename,filename\n1,2\n');
  const db = connect({ threads: 0 });
  try {
    expect(await db.sql(`SELECT *, _filename AS a, filename AS b FROM '${path}'`).collect()).toEqual([
      { _filename: 1, filename: 2, a: 1, b: 2 },
    ]);
  } finally {
    await db.close();
  }
});

it('keeps a file from being read that a condition on it leaves out', async () => {
  const good = files.put('good.csv', 'a\n1\n');
  const bad = files.put('bad.csv', `a\n${'2\n'.repeat(50_000)}x\n`);
  const db = connect({ threads: 0 });
  try {
    const frame = (where: string) => db.sql(`SELECT sum(a)::INT AS s FROM read_csv(['${good}', '${bad}']) ${where}`);
    await expect(frame('').collect()).rejects.toThrow('"x" is no BIGINT');
    expect(await frame(`WHERE _filename = '${good}'`).collect()).toEqual([{ s: 1 }]);
  } finally {
    await db.close();
  }
});
