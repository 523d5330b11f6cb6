import { createInterface } from 'node:readline';
import { RayexecError } from '../../src/common/errors.ts';
import type { Database } from '../session/database.ts';
import { parseStatements } from '../sql/index.ts';
import { type Format, formats } from './format.ts';
import { runStatement, type Showing } from './run-statement.ts';

const HELP = `statements end with ; and may take several lines
.format NAME    ${formats.join(', ')}
.tables         the tables and views
.timer on|off   the time of each statement
.quit           as Ctrl-D; Ctrl-C ends a query, or forgets what was typed`;
const PROMPT = 'rayexec> ';
const CONTINUED = '    ...> ';

/** Reads statements from the terminal and runs them, till the input ends. What fails is told, and the shell goes on. */
export async function shell(db: Database, showing: Showing): Promise<number> {
  const lines = createInterface({
    input: process.stdin,
    ...(process.stdin.isTTY && { output: process.stdout }),
    prompt: PROMPT,
  });
  const state = new Shell(db, showing);
  lines.on('SIGINT', () => {
    state.interrupt();
    lines.setPrompt(PROMPT);
    lines.prompt();
  });
  lines.prompt();
  for await (const line of lines) {
    if (!(await state.take(line))) break;
    lines.setPrompt(state.isWaiting ? CONTINUED : PROMPT);
    lines.prompt();
  }
  lines.close();
  return 0;
}

class Shell {
  readonly #db: Database;
  #showing: Showing;
  #typed = '';
  #running: AbortController | undefined;

  constructor(db: Database, showing: Showing) {
    this.#db = db;
    this.#showing = showing;
  }

  /** A statement is begun whose end is not there yet. */
  get isWaiting(): boolean {
    return this.#typed !== '';
  }

  interrupt(): void {
    this.#running?.abort();
    this.#typed = '';
  }

  /** Takes a line; false when it ends the shell. */
  async take(line: string): Promise<boolean> {
    const text = line.trim();
    if (this.#typed === '' && text.startsWith('.')) return this.#command(text);
    this.#typed = this.#typed === '' ? text : `${this.#typed}\n${line}`;
    if (!isComplete(this.#typed)) return true;
    const script = this.#typed;
    this.#typed = '';
    await this.#run(script);
    return true;
  }

  async #command(text: string): Promise<boolean> {
    const [name, value = ''] = text.split(/\s+/);
    if (name === '.quit' || name === '.exit') return false;
    if (name === '.tables') await this.#run('SHOW TABLES');
    else if (name === '.timer' && (value === 'on' || value === 'off'))
      this.#showing = { ...this.#showing, timer: value === 'on' };
    else if (name === '.format' && formats.includes(value as Format))
      this.#showing = { ...this.#showing, format: value as Format };
    else console.log(HELP);
    return true;
  }

  async #run(script: string): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      for (const { span } of parseStatements(script)) {
        const statement = span === undefined ? script : script.slice(span.start, span.end);
        await runStatement(this.#db, statement, this.#showing, running.signal);
      }
    } catch (error) {
      console.error(error instanceof RayexecError ? `error: ${error.message}` : error);
    } finally {
      this.#running = undefined;
    }
  }
}

/** Whether the text ends with a semicolon that is not in a text, a quoted name or a comment. */
function isComplete(text: string): boolean {
  if (text === '') return false;
  if (!text.trimEnd().endsWith(';')) return false;
  try {
    parseStatements(text);
  } catch (error) {
    return !(error instanceof RayexecError && error.summary.endsWith('has no end'));
  }
  return true;
}
