import type { RelationEntry } from '../../src/catalog/entry.ts';
import { knownOverloads } from '../../src/functions/user/known-overloads.ts';
import { forgetCode } from '../../src/functions/user/user-code.ts';
import { type UserFunction, userKey } from '../../src/functions/user/user-function.ts';
import type { Query } from '../../src/query/query.ts';

/** Who is told of what a program provides. */
export type Receiver = {
  readonly relation: (entry: RelationEntry) => void;
  readonly dropRelation: (id: number) => void;
  readonly function: (fn: UserFunction) => void;
};

/** What a program has handed to a database, whether its engine is loaded or not: rows and functions. They belong to no transaction. */
export class Provided {
  #lastRelation = 0;
  readonly #columns = new Map<number, readonly string[]>();
  readonly #waiting = new Map<number, RelationEntry>();
  /** Told when no frame reads a relation any more. */
  readonly #unreachable = new FinalizationRegistry<number>(id => this.#dropRelation(id));
  readonly #functions = new Map<string, UserFunction>();
  #receiver: Receiver | undefined;

  /** A number, from 1, for rows that have these columns. */
  newRelation(columns: readonly string[]): number {
    this.#columns.set(++this.#lastRelation, columns);
    return this.#lastRelation;
  }

  columnsOf(relation: number): readonly string[] | undefined {
    return this.#columns.get(relation);
  }

  /** Adds rows, which are there as long as the query that stands for them, in a frame or what was made of it. */
  addRelation(entry: RelationEntry, query: Query): void {
    if (this.#receiver === undefined) this.#waiting.set(entry.id, entry);
    else this.#receiver.relation(entry);
    this.#unreachable.register(query, entry.id);
  }

  #dropRelation(id: number): void {
    this.#columns.delete(id);
    this.#waiting.delete(id);
    this.#receiver?.dropRelation(id);
  }

  /** Functions of the program. */
  get functions(): readonly UserFunction[] {
    return [...this.#functions.values()];
  }

  /** Adds a function of the program, in the place of one of its name. @throws what the receiver has against it */
  addFunction(fn: UserFunction): void {
    this.#receiver?.function(fn);
    forget(this.#functions.get(fn.name));
    this.#functions.set(fn.name, fn);
  }

  /** The database is closed: its memory is gone as a whole, functions' code is forgotten. */
  close(): void {
    this.#receiver = undefined;
    this.#waiting.clear();
    for (const fn of this.#functions.values()) forget(fn);
    this.#functions.clear();
  }

  /** Hands on what there is, and all that will be. @throws what the receiver has against it */
  follow(receiver: Receiver): void {
    for (const fn of this.#functions.values()) receiver.function(fn);
    for (const entry of this.#waiting.values()) receiver.relation(entry);
    this.#waiting.clear();
    this.#receiver = receiver;
  }
}

function forget(fn: UserFunction | undefined): void {
  if (fn === undefined) return;
  if (fn.code.kind === 'local') forgetCode(fn.code.id);
  knownOverloads.delete(userKey(fn));
}
