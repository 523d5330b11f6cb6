import { readFileSync } from 'node:fs';
import { RayexecError } from '../../src/common/errors.ts';
import { connect } from '../session/connect.ts';
import type { Database } from '../session/database.ts';
import { parseStatements } from '../sql/index.ts';
import { type Arguments, parseArguments, USAGE } from './arguments.ts';
import { check } from './check/check.ts';
import { runStatement } from './run-statement.ts';
import { shell } from './shell.ts';
import { typegen } from './typegen/typegen.ts';
import { version } from './version.ts';

/** Runs the command; the exit status: 0, 1 for a failed statement, 2 for wrong usage, 130 when interrupted. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'typegen') return runTool(signal => typegen(argv.slice(1), signal));
  if (argv[0] === 'check') return runTool(() => check(argv.slice(1)));
  const isShell = argv[0] === 'shell';
  let args: Arguments;
  try {
    args = parseArguments(isShell ? argv.slice(1) : argv);
  } catch (error) {
    return fail(error, 2);
  }
  if (args.help) return print(USAGE);
  if (args.version) return print(version);
  const isInteractive = isShell || (args.command === undefined && args.file === undefined && process.stdin.isTTY);
  const interrupt = new AbortController();
  if (!isInteractive) process.once('SIGINT', () => interrupt.abort());
  const { threads, ray, partitions } = args;
  const db = connect({ threads, ray, partitions, token: process.env['RAY_AUTH_TOKEN'] });
  try {
    if (isInteractive) return await shell(db, args);
    await runScript(db, textOf(args), args, interrupt.signal);
    return 0;
  } catch (error) {
    return interrupt.signal.aborted ? fail('interrupted', 130) : fail(error, 1);
  } finally {
    await db.close();
  }
}

async function runTool(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  try {
    return await run(interrupt.signal);
  } catch (error) {
    return fail(error, error instanceof RayexecError && error.code === 'invalid-argument' ? 2 : 1);
  }
}

/** Runs statement by statement; lines that start with a point are commands of the shell. */
async function runScript(db: Database, text: string, args: Arguments, signal: AbortSignal): Promise<void> {
  let timer = args.timer;
  const sql = text.replace(/^\.timer[ \t]+(on|off)[ \t]*$/gm, (_, value: string) => {
    timer = value === 'on';
    return '';
  });
  for (const { span } of parseStatements(sql)) {
    const statement = span === undefined ? sql : sql.slice(span.start, span.end);
    await runStatement(db, statement, { ...args, timer }, signal);
  }
}

function textOf({ command, file }: Arguments): string {
  if (command !== undefined) return command;
  try {
    return readFileSync(file ?? 0, 'utf8');
  } catch (cause) {
    throw new RayexecError('io', `can't read '${file ?? 'standard input'}'`, { cause });
  }
}

function print(text: string): number {
  console.log(text);
  return 0;
}

function fail(error: unknown, status: number): number {
  console.error(error instanceof RayexecError ? `error: ${error.message}` : error);
  return status;
}
