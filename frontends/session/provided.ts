import type { RelationEntry } from '../../src/catalog/entry.ts';
import { knownOverloads } from '../../src/functions/user/known-overloads.ts';
import { forgetCode } from '../../src/functions/user/user-code.ts';
import { type UserFunction, userKey } from '../../src/functions/user/user-function.ts';

/** Who is told of what a program provides. */
export type Receiver = {
  readonly relation: (entry: RelationEntry) => void;
  readonly function: (fn: UserFunction) => void;
};

/** What a program has handed to a database, whether its engine is loaded or not: rows and functions. They belong to no transaction. */
export class Provided {
  readonly #columns: (readonly string[])[] = [];
  readonly #waiting: RelationEntry[] = [];
  readonly #functions = new Map<string, UserFunction>();
  #receiver: Receiver | undefined;

  /** A number, from 1, for rows that have these columns. */
  newRelation(columns: readonly string[]): number {
    this.#columns.push(columns);
    return this.#columns.length;
  }

  columnsOf(relation: number): readonly string[] | undefined {
    return this.#columns[relation - 1];
  }

  addRelation(entry: RelationEntry): void {
    if (this.#receiver === undefined) this.#waiting.push(entry);
    else this.#receiver.relation(entry);
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

  /** Forgets the code of the program's functions. */
  dropFunctions(): void {
    for (const fn of this.#functions.values()) forget(fn);
    this.#functions.clear();
  }

  /** Hands on what there is, and all that will be. @throws what the receiver has against it */
  follow(receiver: Receiver): void {
    for (const fn of this.#functions.values()) receiver.function(fn);
    for (const entry of this.#waiting) receiver.relation(entry);
    this.#waiting.length = 0;
    this.#receiver = receiver;
  }
}

function forget(fn: UserFunction | undefined): void {
  if (fn === undefined) return;
  if (fn.code.kind === 'local') forgetCode(fn.code.id);
  knownOverloads.delete(userKey(fn));
}
