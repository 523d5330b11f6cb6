import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Any, connect, type Database, RayexecError } from '../../frontends/index.ts';

// What the compiler would say is said to programs that it does not see, by name and with what would be right.
let db: Database<Any>;
beforeAll(() => {
  db = connect<Any>({ threads: 0 });
});
afterAll(() => db.close());

const frame = (): Any => db.from([{ id: 1, name: 'Ada' }]);
const CALLS: readonly (readonly [call: (js: Any) => unknown, message: string])[] = [
  [js => js.connect({ thread: 2 }), `connect() has no option 'thread'\nhint: did you mean 'threads'?`],
  [js => js.connect({ threads: -1 }), 'connect({ threads: -1 }): it is a number of threads, or 0'],
  [js => js.connect({ threads: '4' }), 'connect({ threads: 4 }): it is a number of threads, or 0'],
  [js => js.connect({ memoryLimit: '2GB' }), 'connect({ memoryLimit: 2GB }): it is a number of bytes'],
  [
    js => js.connect('shop.db'),
    `connect() takes an object of options, not "shop.db"\nhint: tables are in memory, and queries name their files: connect(), then db.parquet('a.parquet')`,
  ],
  [
    () => frame().filter('id > 5'),
    `filter wants a function of the row's columns, not 'id > 5'\nhint: filter(t => t.price.gt(5))`,
  ],
  [
    () => frame().where(undefined),
    `filter wants a function of the row's columns, not undefined\nhint: filter(t => t.price.gt(5))`,
  ],
  [
    () => frame().withColumns({ a: 1 }),
    `withColumns wants a function of the row's columns, not object\nhint: withColumns(t => ({ name: t.a.add(1) }))`,
  ],
  [
    () => frame().agg(null),
    `agg wants a function of the row's columns, not null\nhint: agg(t => ({ name: t.a.add(1) }))`,
  ],
  [
    () => db.from({ id: [1, 2] } as Any),
    'from() wants an array of objects, one for each row\nhint: fromColumns({ x: [1, 2] }) takes an array for each column',
  ],
  [
    () => db.from([{ a: 1 }, { a: 'x' }]),
    `column 'a' mixes DOUBLE and VARCHAR values\nhint: give a schema, or make the values alike`,
  ],
  [
    () => db.from([{ a: null }], { schema: { a: 'int32' } }),
    `column 'a' is not nullable, but row 0 has no value\nhint: write 'int32?' in the schema to allow it`,
  ],
  [
    () => db.from([{ a: null }], { schema: { a: { list: 'int32?' } } }),
    `column 'a' is not nullable, but row 0 has no value\nhint: write {'list':'int32?','nullable':true} in the schema to allow it`,
  ],
  [
    () => db.sql('SELECT $rows', { rows: frame() }),
    "the parameter 'rows' is a frame or an expression, not a value\nhint: frames stand in templates, db.sql`…`, as they are",
  ],
  [() => frame().collect({ int64: 'float' }), `int64 is 'number', 'bigint', 'string', not "float"`],
  [() => frame().toColumns({ date: 'iso' }), `date is 'date', 'string', 'temporal', 'days', not "iso"`],
  [() => frame().stream({ decimal: 1 }).next(), `decimal is 'number', 'exact', 'string', not 1`],
];

it.each(CALLS.map(([call, message]) => ({ call, message })))('$message', async ({ call, message }) => {
  const error = await Promise.resolve({ connect })
    .then(call)
    .then(
      () => undefined,
      (e: unknown) => e,
    );
  expect(error).toBeInstanceOf(RayexecError);
  expect((error as RayexecError).message).toBe(message);
});
