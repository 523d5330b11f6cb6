import { Worker } from 'node:worker_threads';

/** Ends this process, with the statement that hangs, when it has used so many seconds of CPU on one statement. */
export class Watchdog {
  readonly #count: Int32Array;
  readonly #text: Buffer;

  constructor(seconds: number) {
    const memory = new SharedArrayBuffer(HEADER_BYTES + TEXT_BYTES);
    this.#count = new Int32Array(memory, 0, 2);
    this.#text = Buffer.from(memory, HEADER_BYTES, TEXT_BYTES);
    new Worker(SOURCE, { eval: true, workerData: { memory, seconds, header: HEADER_BYTES } }).unref();
  }

  /** A statement starts; the one before has ended. */
  start(statement: string): void {
    this.#count[1] = this.#text.write(statement);
    Atomics.add(this.#count, 0, 1);
  }
}

/** How many statements there have been, and how many bytes the last one has. */
const HEADER_BYTES = 8;
const TEXT_BYTES = 1 << 16;

/** CPU time, since a machine that others use may stop a process for long. */
const SOURCE = `
const { workerData: { memory, seconds, header } } = require('node:worker_threads');
const count = new Int32Array(memory, 0, 2);
let last = 0;
let start = process.cpuUsage();
setInterval(() => {
  const now = Atomics.load(count, 0);
  if (now !== last) {
    last = now;
    start = process.cpuUsage();
    return;
  }
  const { user, system } = process.cpuUsage(start);
  if ((user + system) / 1e6 < seconds) return;
  const statement = Buffer.from(memory, header, count[1]).toString();
  require('node:fs').writeSync(2, '\\n--- hang\\n' + statement + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;
