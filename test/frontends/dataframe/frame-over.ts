import { type DataFrame, type Executor, frameOf, type ResultSet } from '../../../frontends/dataframe/index.ts';
import type { Query } from '../../../src/query/query.ts';

/** The frame of a table `name` that only builds queries: running it fails. */
export function frameOver<S>(name: string, executor: Executor = unusable): DataFrame<S> {
  return frameOf<S>({ kind: 'table', path: [name] }, executor);
}

/** An executor whose every query gives `result`; `asked` holds the queries. */
export function executorGiving(result: ResultSet): Executor & { readonly asked: Query[] } {
  const asked: Query[] = [];
  return {
    ...unusable,
    id: 'fake',
    asked,
    collect: async query => {
      asked.push(query);
      return result;
    },
    stream: async function* (query) {
      asked.push(query);
      yield result;
    },
    write: async query => {
      asked.push(query);
      return result.rowCount;
    },
    explain: async (_, { mode }) => mode,
    schema: async () => result.schema,
    toSQL: () => 'FROM t',
  };
}

function fail(): never {
  throw new Error('this test runs no query');
}

/** An executor that runs nothing and knows no columns. */
export const unusable: Executor = {
  id: 'unusable',
  collect: fail,
  stream: fail,
  toArrow: fail,
  explain: fail,
  schema: fail,
  check: fail,
  write: fail,
  toSQL: fail,
};
