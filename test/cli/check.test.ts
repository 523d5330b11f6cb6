import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { schemaSource } from '../../frontends/cli/typegen/schema-source.ts';
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

  it('reads programs', async () => {
    const schema = file(
      'shop.schema.ts',
      schemaSource(
        [
          {
            path: 'nowhere/orders.parquet',
            table: 'orders',
            columns: [
              ['id', 'int64'],
              ['placed at', 'timestamp?'],
              ['tags', { list: 'string?' }],
            ],
          },
        ],
        'rayexec typegen',
      ),
    );
    file(
      'app.ts',
      `import { connect } from 'rayexec';
const db = connect();
export const ok = (id: number) => db.sql<{ n: 'int64' }>('SELECT count(*) AS n FROM orders WHERE id = $id', { id });
await db.execute(\`
  CREATE TABLE mine AS SELECT id, tags[1] AS tag FROM orders;
  INSERT INTO mine VALUES (1, 'it''s');\`);
export const late = db.sql(
  'SELECT \\'it\\'\\'s\\', ' +
    'plced FROM orders',
);
export const both = (least: number) => db.sql\`SELECT upper(\${least}, id) FROM mine WHERE id > \${least}\`;
export const framed = db.sql\`SELECT a FROM \${ok(1)}\`;
export const wrong = db.sql\`SELECT a FORM \${ok(1)}\`;
db.sql('SELECT ' + String(ok));
`,
    );
    const { status, stdout, stderr } = await runCli(['check', '--schema', schema, join(folder, 'app.*')]);
    expect(stderr.replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "app.ts:9:6: Referenced column "plced" not found in FROM clause!
      line 9:6:     'plced FROM orders',
                     ^^^^^
      hint: columns here: id, placed at, tags
      app.ts:11:54: no function matches upper(NULL, BIGINT)
      line 11:54: export const both = (least: number) => db.sql\`SELECT upper(\${least}, id) FROM mine WHERE id > \${least}\`;
                                                                       ^^^^^^^^^^^^^^^^^^^
      hint: candidates are upper(VARCHAR) -> VARCHAR
      app.ts:13:43: syntax error: expected the end of the text, found the parameter $hole_1
      line 13:43: export const wrong = db.sql\`SELECT a FORM \${ok(1)}\`;
                                                            ^
      hint: did you mean FROM instead of 'FORM'?
      "
    `);
    expect(stdout).toMatchInlineSnapshot(`
      "1 file, 8 statements: 3 problems (of 2 no more than the syntax: what they read is not known here, or they are put together)
      "
    `);
    expect(status).toBe(1);
    expect(await runCli(['check', '--schema', join(folder, 'app.ts'), schema])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no module of rayexec typegen'),
    });
  });

  it('does not blame programs for what it can not know', async () => {
    file(
      'knows-more.ts',
      `const db = connect();
db.sql('SELECT id FROM gone');
await db.execute(\`CREATE TABLE made AS FROM '\${path}'\`);
db.sql('SELECT id FROM made');
await db.execute('CREATE TABLE read AS FROM read_parquet($path)', { path });
db.sql('SELECT x FROM read');
db.sql\`SELECT x FROM read_csv(\${path})\`;
db.sql('SELECT lenght(1)');
`,
    );
    file('knows-less.js', `await db.execute('CREATE TABLE t (a INT)'); db.sql('SELECT a FROM tt');`);
    const { stdout, stderr } = await runCli(['check', join(folder, 'knows-*.*s')]);
    expect(stdout).toBe(
      '2 files, 9 statements: 2 problems (of 6 no more than the syntax: what they read is not known here, or they are put together)\n',
    );
    expect(stderr).toContain('length');
    expect(stderr).toContain('Table with name tt does not exist!');
  });

  it('says how it is used', async () => {
    expect((await runCli(['check'])).status).toBe(2);
    expect((await runCli(['check', '--help'])).stdout).toContain('usage: rayexec check');
    expect(await runCli(['check', join(folder, 'nothing.sql')])).toMatchObject({ status: 1 });
  });
});
