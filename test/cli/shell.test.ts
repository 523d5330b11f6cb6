import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

it('the shell runs statements as they end, and goes on after errors', async () => {
  const input = `CREATE TABLE t
AS SELECT 40 AS n;
SELECT nothing;
.format csv
SELECT n + 2 AS answer FROM t; SELECT ';
' AS text, 1 AS one;
.tables
.quit
SELECT 'never' AS run;
`;
  const { status, stdout, stderr } = await runCli(['shell', '--threads', '0'], { input });
  expect(status).toBe(0);
  expect(stderr).toContain('Referenced column "nothing" not found');
  expect(stdout).toContain('answer\n42\ntext,one\n";\n",1\n');
  expect(stdout).toContain('name\nt\n');
  expect(stdout).not.toContain('never');
});

it('says what its commands are', async () => {
  const { stdout } = await runCli(['shell'], { input: '.help\n' });
  expect(stdout).toContain('.tables');
});
