import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One timed run of a statement: seconds of wall and CPU time, and the number of rows. */
export type Run = { readonly wall: number; readonly cpu: number; readonly rows: number };

/** An engine that is measured: runs one statement at a time and fetches all of its rows. */
export type Engine = {
  readonly name: string;
  readonly run: (sql: string) => Promise<Run>;
  readonly close: () => Promise<void>;
};

/** An engine in a long-lived child process that answers JSON lines: `{ sql }` → `{ wall, cpu, rows }` or `{ error }`. */
export class ChildEngine implements Engine {
  readonly name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, command: string, args: readonly string[]) {
    this.name = name;
    this.#child = spawn(command, args);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  run(sql: string): Promise<Run> {
    return this.ask({ sql });
  }

  /** Sends a message and reads the answer. */
  async ask(message: object): Promise<Run> {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`${this.name} has ended`);
    const answer = JSON.parse(line.value) as Run & { error?: string };
    if (answer.error !== undefined) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  async close(): Promise<void> {
    this.#child.kill();
  }
}
