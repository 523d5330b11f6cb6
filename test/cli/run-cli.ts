import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const cli = resolve(import.meta.dirname, '../../dist/cli.js');

export type CliRun = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command; with `interrupt` it is sent Ctrl-C a moment after its first output. */
export function runCli(
  args: readonly string[],
  { input = '', interrupt = false }: { readonly input?: string; readonly interrupt?: boolean } = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [cli, ...args], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', chunk => (stdout += chunk));
  child.stderr.on('data', chunk => (stderr += chunk));
  // A command that ends before it read its input closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  if (interrupt) child.stdout.once('data', () => setTimeout(() => child.kill('SIGINT'), 500));
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('close', status => done({ status, stdout, stderr }));
  });
}
