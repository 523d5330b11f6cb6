/** Lets what is asked for run one after the other. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  async run<T>(next: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let done!: () => void;
    this.#last = new Promise(resolve => {
      done = resolve;
    });
    try {
      await before;
      return await next();
    } finally {
      done();
    }
  }
}
