import { Catalog } from '../../src/catalog/catalog.ts';
import type { RelationEntry, TableEntry } from '../../src/catalog/entry.ts';
import { RayexecError } from '../../src/common/errors.ts';
import { builtinFunctions } from '../../src/functions/registry.ts';
import { isUserKey, type UserFunction } from '../../src/functions/user/user-function.ts';
import { userScalarFunction } from '../../src/functions/user/user-overload.ts';
import { Arena } from '../../src/memory/arena.ts';
import type { LinearMemory } from '../../src/memory/linear-memory.ts';
import { tableFunctions } from '../../src/sources/index.ts';
import { KeyIndexes } from './key-indexes.ts';
import { Provided } from './provided.ts';
import { Reclaimer } from './reclaimer.ts';
import { Turns } from './turns.ts';

/**
 * What the sessions of a database have in common: the state that was committed last. A catalog that is in use, this one
 * or a transaction's, is a user of the rows of each of its tables.
 */
export class Store {
  /** Rows that the program hands over. Changed in place: there may be very many. */
  readonly #relations: Map<number, RelationEntry> = new Map();
  /** The committed state. */
  catalog: Catalog = Catalog.create(builtinFunctions, tableFunctions, this.#relations);
  readonly keys: KeyIndexes = new KeyIndexes();
  readonly reclaimer: Reclaimer = new Reclaimer();
  /** Statements outside of transactions that change the database, and commits. */
  readonly writes: Turns = new Turns();
  readonly provided: Provided;
  #sequences: Arena | undefined;

  /** @throws RayexecError `invalid-argument` for a function of the program whose name is taken */
  constructor(provided: Provided = new Provided()) {
    this.provided = provided;
    provided.follow({
      relation: entry => {
        this.#relations.set(entry.id, entry);
      },
      dropRelation: id => {
        const entry = this.#relations.get(id);
        this.#relations.delete(id);
        // Queries that have bound it may still read its rows.
        if (entry !== undefined) this.reclaimer.retire(() => entry.release());
      },
      function: fn => this.#addFunction(fn),
    });
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

  #addFunction(fn: UserFunction): void {
    const { functions } = this.catalog;
    const known = functions.scalar(fn.name);
    const isOwn = known?.overloads.every(o => isUserKey(o.key)) ?? true;
    if (!isOwn || functions.aggregate(fn.name) !== undefined || functions.window(fn.name) !== undefined) {
      throw new RayexecError('invalid-argument', `there is a function ${fn.name} already`, {
        hint: 'give it another name',
      });
    }
    this.catalog = this.catalog.withFunctions(functions.withUserFunction(userScalarFunction(fn)));
  }
}
