import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-check-'));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('rayexec check', () => {
  it('passes what binds, and runs nothing', async () => {
    const target = join(folder, 'never.csv');
    const path = file(
      'good.sql',
      `CREATE TABLE t (a INTEGER NOT NULL, b VARCHAR);
CREATE TABLE u AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE VIEW v AS SELECT n FROM u;
INSERT INTO t SELECT 1 // 0, $name;
SELECT * FROM v WHERE n > $least;
COPY t TO '${target}';
UPDATE t SET b = 'x' WHERE a = 1;
`,
    );
    const { status, stdout, stderr } = await runCli(['check', path]);
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '1 file, 7 statements: 0 problems\n', stderr: '' });
  });

  it('tells the place of each problem', async () => {
    const tables = file('tables.sql', 'CREATE TABLE people (id INTEGER, name VARCHAR);');
    file('bad-1.sql', `SELECT id\nFROM people\nWHERE nam = 'x';\nSELECT upper(id, id) FROM people;\nSELECT 1;`);
    file('bad-2.sql', 'SELECT id FROM people;\nSELEC 1;');
    const { status, stdout, stderr } = await runCli(['check', '-t', tables, join(folder, 'bad-*.sql')]);
    expect(status).toBe(1);
    expect(stdout).toBe('2 files, 3 statements: 3 problems\n');
    expect(stderr.replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "bad-1.sql:3:7: Referenced column "nam" not found in FROM clause!
      line 3:7: WHERE nam = 'x';
                      ^^^
      hint: did you mean 'name'?
      bad-1.sql:4:8: no function matches upper(INTEGER, INTEGER)
      line 4:8: SELECT upper(id, id) FROM people;
                       ^^^^^^^^^^^^^
      hint: candidates are upper(VARCHAR) -> VARCHAR
      bad-2.sql:2:1: syntax error: expected a statement, such as SELECT, CREATE or INSERT, found 'SELEC'
      line 2:1: SELEC 1;
                ^^^^^
      hint: did you mean SELECT instead of 'SELEC'?
      "
    `);
  });

  it('says how it is used', async () => {
    expect((await runCli(['check'])).status).toBe(2);
    expect((await runCli(['check', '--help'])).stdout).toContain('usage: rayexec check');
    expect(await runCli(['check', join(folder, 'nothing.sql')])).toMatchObject({ status: 1 });
  });
});
