import { RayexecError } from '../../src/common/errors.ts';
import type { Query } from '../../src/query/query.ts';
import { placeOf } from '../dataframe/verb-place.ts';

/**
 * Runs a frame's query; an error that binding a verb gives then says where in the program the verb is called.
 * @param bind looks up names and types of a query, and throws what is wrong about it
 */
export async function withVerbPlace<T>(
  query: Query,
  run: () => Promise<T>,
  bind: (query: Query) => Promise<unknown>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof RayexecError) || !OF_VERBS.has(error.code)) throw error;
    if (error.span !== undefined || error.where !== undefined) throw error;
    const failing = await failingStep(query, bind);
    const where = failing && placeOf(failing);
    if (where === undefined) throw error;
    const { code, summary, hint, cause } = error;
    throw new RayexecError(code, summary, { hint, cause, where });
  }
}

const OF_VERBS: ReadonlySet<string> = new Set(['bind', 'catalog', 'unsupported']);

/** The first step that can't be bound; undefined when all can. Asked for only when something has failed. */
async function failingStep(query: Query, bind: (query: Query) => Promise<unknown>): Promise<Query | undefined> {
  try {
    await bind(query);
    return undefined;
  } catch {
    for (const input of inputsOf(query)) {
      const failing = await failingStep(input, bind);
      if (failing !== undefined) return failing;
    }
    return query;
  }
}

/** The frames that a verb works on. */
function inputsOf(query: Query): readonly Query[] {
  switch (query.kind) {
    case 'select':
      return query.from === undefined ? [] : [query.from];
    case 'join':
    case 'set-op':
      return [query.left, query.right];
    default:
      return 'input' in query ? [query.input] : [];
  }
}
