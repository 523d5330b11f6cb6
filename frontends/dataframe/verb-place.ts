import type { Query } from '../../src/query/query.ts';

/** Where verbs were called: queries are plain data, so it is kept beside them. */
const places = new WeakMap<Query, { readonly stack?: string | undefined }>();

/** Remembers from where the verb is called that makes a query; the text of the stack is made only when asked for. */
export function notePlace(query: Query): void {
  if (!places.has(query)) places.set(query, new Error());
}

const VERBS: Partial<Record<Query['kind'], string>> = {
  extend: 'withColumns',
  aggregate: 'agg',
  summarize: 'describe',
  'set-op': 'union',
  unnest: 'explode',
};

/** `at .filter, /home/me/app.ts:12:6`: the call that made a query; undefined for other queries, and where it can't be told. */
export function placeOf(query: Query): string | undefined {
  const lines = places.get(query)?.stack?.split('\n') ?? [];
  const calls = lines.flatMap(line => {
    const [, file, position] = /((?:[a-z-]+:\/\/|\/|[A-Z]:\\)[^()]*?)(:\d+:\d+)\)?$/.exec(line) ?? [];
    return file === undefined ? [] : [{ file, position: position! }];
  });
  const own = calls[0] && folderOf(calls[0].file);
  const call = calls.find(c => folderOf(c.file) !== own);
  if (call === undefined) return undefined;
  const verb = query.kind === 'set-op' ? query.op : (VERBS[query.kind] ?? query.kind);
  return `at .${verb}, ${call.file.replace(/^file:\/\//, '')}${call.position}`;
}

/** This package's files lie in one folder. */
const folderOf = (file: string): string => file.replace(/[^/\\]*$/, '');
