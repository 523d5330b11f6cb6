import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const TWO_ROWS = "SELECT * FROM (VALUES (1, 'a,b'), (2, NULL)) AS t(id, name) ORDER BY id";

describe('where statements come from', () => {
  it('-c', async () => {
    expect(await runCli(['-f', 'csv', '-c', 'SELECT 1 AS one; SELECT 2 AS two'])).toEqual({
      status: 0,
      stdout: 'one\n1\ntwo\n2\n',
      stderr: '',
    });
  });

  it('a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rayexec-cli-')), 'script.sql');
    writeFileSync(file, 'CREATE TABLE t AS SELECT 40 AS n;\nSELECT n + 2 AS answer FROM t;\n');
    const { status, stdout } = await runCli(['--format', 'csv', file]);
    expect(stdout.endsWith('answer\n42\n')).toBe(true);
    expect(status).toBe(0);
  });

  it('standard input', async () => {
    const { status, stdout } = await runCli(['-f', 'csv'], { input: 'SELECT 7 AS n;' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'n\n7\n' });
  });
});

describe('formats', () => {
  it.each([
    ['csv', 'id,name\n1,"a,b"\n2,\n'],
    ['json', '{"id":1,"name":"a,b"}\n{"id":2,"name":null}\n'],
    ['markdown', '| id | name |\n|---|---|\n| 1 | a,b |\n| 2 | NULL |\n'],
  ])('%s', async (format, text) => {
    expect((await runCli(['-f', format, '-c', TWO_ROWS])).stdout).toBe(text);
  });

  it('table, by default', async () => {
    const { stdout } = await runCli(['-c', TWO_ROWS]);
    expect(stdout).toMatch(/│ +1 │ a,b +│\n│ +2 │ NULL +│/);
    expect(stdout).toContain('2 rows');
  });

  it('shows plans line by line', async () => {
    const { stdout } = await runCli(['-c', 'EXPLAIN SELECT n FROM (VALUES (1), (2)) AS t(n) WHERE n > 1']);
    expect(stdout).toMatch(/^bound\n[^│]*\n\noptimized\n[^│]*\n\nphysical\n[^│]*$/);
  });

  it('keeps all digits', async () => {
    const sql = 'SELECT 9007199254740993 AS big, 0.1::DECIMAL(30, 20) AS tenth';
    expect((await runCli(['-f', 'json', '-c', sql])).stdout).toBe(
      '{"big":9007199254740993,"tenth":0.10000000000000000000}\n',
    );
  });
});

describe('.timer', () => {
  it('tells the time of each statement on standard error', async () => {
    const { stdout, stderr } = await runCli(['-f', 'csv'], { input: '.timer on\nSELECT 1 AS n;\nSELECT 2 AS n;\n' });
    expect(stdout).toBe('n\n1\nn\n2\n');
    expect(stderr).toMatch(/^\d+\.\d{3} s\n\d+\.\d{3} s\n$/);
  });

  it('as an option', async () => {
    expect((await runCli(['--timer', '-c', 'SELECT 1'])).stderr).toMatch(/^\d+\.\d{3} s\n$/);
  });
});

describe('how it ends', () => {
  it('1 after a failed statement, whose place is shown; the statements before have run', async () => {
    const { status, stdout, stderr } = await runCli(['-f', 'csv', '-c', 'SELECT 1 AS n; SELECT nothing; SELECT 2']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'n\n1\n' });
    expect(stderr).toContain('error: Referenced column "nothing" not found');
    expect(stderr).toContain('^^^^^^^');
  });

  it.each([
    [['--format', 'xml', '-c', 'SELECT 1'], "there is no format 'xml'"],
    [['--threads', 'many', '-c', 'SELECT 1'], "--threads takes a number, not 'many'"],
    [['--nonsense'], 'nonsense'],
  ])('2 for wrong usage: %j', async (args, message) => {
    const { status, stderr } = await runCli(args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('1 for a file that is not there', async () => {
    const { status, stderr } = await runCli(['no-such-file.sql']);
    expect(status).toBe(1);
    expect(stderr).toContain("can't read 'no-such-file.sql'");
  });

  it.each(['0', '2'])('130 after Ctrl-C, which ends the query, with %s threads', async threads => {
    const sql = 'SELECT count(*) FROM tpch_lineitem(10) AS a JOIN tpch_lineitem(10) AS b ON a.l_comment < b.l_comment';
    const { status, stdout, stderr } = await runCli(
      ['-f', 'csv', '--threads', threads, '-c', `SELECT 1 AS n; ${sql}`],
      {
        interrupt: true,
      },
    );
    expect({ status, stdout }).toEqual({ status: 130, stdout: 'n\n1\n' });
    expect(stderr).toContain('interrupted');
  });

  it('tells its version and how to use it', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await runCli(['--help'])).stdout).toContain('usage: rayexec');
  });
});
