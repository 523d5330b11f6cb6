/** An immutable map by name: case is ignored, the spelling at definition is kept. */
export class NameMap<T> {
  static readonly #none: NameMap<never> = new NameMap(new Map());
  readonly #entries: ReadonlyMap<string, { readonly name: string; readonly value: T }>;

  private constructor(entries: ReadonlyMap<string, { readonly name: string; readonly value: T }>) {
    this.#entries = entries;
  }

  static empty<T>(): NameMap<T> {
    return NameMap.#none;
  }

  get(name: string): T | undefined {
    return this.#entries.get(name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  with(name: string, value: T): NameMap<T> {
    return new NameMap(new Map(this.#entries).set(name.toLowerCase(), { name, value }));
  }

  without(name: string): NameMap<T> {
    const entries = new Map(this.#entries);
    entries.delete(name.toLowerCase());
    return new NameMap(entries);
  }

  /** The names as they were spelled when defined, in the order of definition. */
  names(): readonly string[] {
    return [...this.#entries.values()].map(e => e.name);
  }

  values(): readonly T[] {
    return [...this.#entries.values()].map(e => e.value);
  }
}
