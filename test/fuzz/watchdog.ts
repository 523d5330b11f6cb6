import { Worker } from 'node:worker_threads';

/** Ends this process, with the statement that hangs, when it has used so many seconds of CPU on one statement. */
export class Watchdog {
  readonly #worker: Worker;

  constructor(seconds: number) {
    this.#worker = new Worker(SOURCE, { eval: true, workerData: seconds });
    this.#worker.unref();
  }

  /** A statement starts; the one before has ended. */
  start(statement: string): void {
    this.#worker.postMessage(statement);
  }
}

/** CPU time, since a machine that others use may stop a process for long. */
const SOURCE = `
const { parentPort, workerData } = require('node:worker_threads');
let statement = '';
let start = process.cpuUsage();
parentPort.on('message', s => { statement = s; start = process.cpuUsage(); });
setInterval(() => {
  const { user, system } = process.cpuUsage(start);
  if ((user + system) / 1e6 < workerData) return;
  require('node:fs').writeSync(2, '\\n--- hang\\n' + statement + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;
