import { Catalog } from '../../src/catalog/catalog.ts';
import type { RelationEntry, TableEntry } from '../../src/catalog/entry.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { forgetCode } from '../../src/functions/user/user-code.ts';
import type { UserFunction } from '../../src/functions/user/user-function.ts';
import { userScalarFunction } from '../../src/functions/user/user-overload.ts';
import { Arena } from '../../src/memory/arena.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import { tableFunctions } from '../../src/sources/index.ts';
import { KeyIndexes } from './key-indexes.ts';
import { Reclaimer } from './reclaimer.ts';
import { Turns } from './turns.ts';

/**
 * What the sessions of a database have in common: the state that was committed last. A catalog that is in use, this one
 * or a transaction's, is a user of the rows of each of its tables.
 */
export class Store {
  /** The committed state. */
  catalog: Catalog = Catalog.create(builtinFunctions, tableFunctions);
  readonly keys = new KeyIndexes();
  readonly reclaimer = new Reclaimer();
  /** Statements outside of transactions that change the database, and commits. */
  readonly writes = new Turns();
  /** Column names of the relations, by id less one. */
  readonly #relations: (readonly string[])[] = [];
  readonly #functions = new Map<string, UserFunction>();
  #sequences: Arena | undefined;

  /** An id for rows that a program hands over, which have these columns. */
  newRelation(columns: readonly string[]): number {
    this.#relations.push(columns);
    return this.#relations.length;
  }

  relationColumns(id: number): readonly string[] | undefined {
    return this.#relations[id - 1];
  }

  /** Relations belong to no transaction. */
  addRelation(entry: RelationEntry): void {
    this.catalog = this.catalog.withAnonymous(entry);
  }

  /** Functions of the program, by name. */
  get userFunctions(): readonly UserFunction[] {
    return [...this.#functions.values()];
  }

  /** Adds a function of the program, in the place of one of its name. */
  addFunction(fn: UserFunction): void {
    this.#forget(this.#functions.get(fn.name));
    this.#functions.set(fn.name, fn);
    this.catalog = this.catalog.withFunctions(this.catalog.functions.withUserFunction(userScalarFunction(fn)));
  }

  /** Forgets the code of the program's functions. */
  dropFunctions(): void {
    for (const fn of this.#functions.values()) this.#forget(fn);
    this.#functions.clear();
  }

  #forget(fn: UserFunction | undefined): void {
    if (fn?.code.kind === 'local') forgetCode(fn.code.id);
  }

  /** Memory for the state of a new sequence: an i64, 0. */
  newSequence(memory: LinearMemory): number {
    this.#sequences ??= new Arena(memory, memory.newOwner());
    return this.#sequences.allocZeroed(8);
  }

  /** Forgets an entry's rows, once no query reads them any more. */
  retire(table: TableEntry): void {
    this.reclaimer.retire(() => table.rows.release());
  }
}
