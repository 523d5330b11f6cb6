/** Queries that are through sooner show nothing. */
const PATIENCE_MILLISECONDS = 1000;

/** Shows how far a statement is on the terminal's last line, on standard error; nothing when that is no terminal. */
export class ProgressLine {
  readonly #start = performance.now();
  #isShown = false;

  /** @param part from 0 to 1 */
  show(part: number): void {
    if (!process.stderr.isTTY || performance.now() - this.#start < PATIENCE_MILLISECONDS) return;
    this.#isShown = true;
    process.stderr.write(`\r${Math.round(part * 100)} % read`);
  }

  /** Removes the line. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\x1b[K');
  }
}
