import {
  type Any,
  connect,
  type Database,
  type DataFrame,
  type Dynamic,
  type Enum,
  type List,
  type MapOf,
  type StandardSchema,
  type Struct,
  type Tables,
} from '../../frontends/index.ts';
import { type Equal, expect, type SchemaOf } from './expect.ts';

// A schema as `rayexec typegen` writes it.
const schema = {
  tables: { users: 'data/users.parquet', events: 'data/events/*.parquet' },
  files: {
    'data/users.parquet': {
      id: 'int64',
      'full name': 'string?',
      price: 'decimal(10,2)?',
      tags: { list: 'int32?' },
      place: { struct: { x: 'float64?', y: 'date' }, nullable: true },
      counts: { key: 'string', value: 'int32?' },
      state: { enum: ['on', 'off'] },
      odd: 'unknown',
    },
    'data/events/*.parquet': { day: 'int32' },
  },
} as const;
interface Users {
  id: 'int64';
  'full name': 'string' | null;
  price: 'decimal' | null;
  tags: List<'int32' | null>;
  place: Struct<{ x: 'float64' | null; y: 'date' }> | null;
  counts: MapOf<'string', 'int32' | null>;
  state: Enum<'on' | 'off'>;
  odd: Any;
}
const db = connect({ schema });
const users = db.table('users');
expect<Equal<SchemaOf<typeof users>, { [K in keyof Users]: Users[K] }>>();
const sameUsers = db.parquet('data/users.parquet');
expect<Equal<SchemaOf<typeof sameUsers>, { [K in keyof Users]: Users[K] }>>();
const events = db.sql('select day + 1 as next from events');
expect<Equal<SchemaOf<typeof events>, { next: 'int32' }>>();
const otherFile = db.parquet('data/other.parquet');
expect<Equal<typeof otherFile, DataFrame<Dynamic>>>();
// @ts-expect-error unknown table
db.table('user');
// @ts-expect-error unknown column
db.parquet('data/events/*.parquet').select('dya');
// @ts-expect-error no type
connect({ schema: { files: { 'a.csv': { a: 'integer' } } } });

// Without a schema, and with types alone.
const plain = connect();
expect<Equal<typeof plain, Database<Tables>>>();
const typed = connect<{ t: { a: 'int32' } }>();
const t = typed.table('t');
expect<Equal<SchemaOf<typeof t>, { a: 'int32' }>>();

// Schemas of single files, and columns that nobody checks.
const csv = plain.csv('x.csv', { schema: { zip: 'string?', n: 'decimal' }, delim: ';' });
expect<Equal<SchemaOf<typeof csv>, { zip: 'string' | null; n: 'decimal' }>>();
const trusted = plain.json<{ a: 'date' }>('x.json');
expect<Equal<SchemaOf<typeof trusted>, { a: 'date' }>>();

// Rows.
const inferred = plain.from([{ a: 1, b: 'x' }]);
expect<Equal<SchemaOf<typeof inferred>, { a: 'float64'; b: 'string' }>>();
const named = plain.from([{ a: 1 }], { schema: { a: 'int16?' } });
expect<Equal<SchemaOf<typeof named>, { a: 'int16' | null }>>();
declare const standard: StandardSchema<{ a: string }, { a: number; b?: Date }>;
const validated = plain.from([{ a: '1' }], { schema: standard });
expect<Equal<SchemaOf<typeof validated>, { a: 'float64'; b: 'timestamp' | null }>>();
export const rows: Promise<{ a: number; b?: Date }[]> = otherFile.withSchema(standard).collect();

// Functions of the program.
declare const people: DataFrame<{ name: 'string'; age: 'int32' | null; born: 'date' }>;
const f = plain.udf('f', ['string', 'int32?'], 'float64', (text: string, n: number | null) => text.length + (n ?? 0));
const called = people.select(t => ({ x: f(t.name, t.age), y: f(t.name.nullIf(''), 1) }));
expect<Equal<SchemaOf<typeof called>, { x: 'float64'; y: 'float64' | null }>>();
plain.udf('g', ['int64', 'date'], 'string?', (n, day) => (n > 1n ? day.toISOString() : null), { int64: 'bigint' });
plain.udf(
  'h',
  ['float64', 'string'],
  'boolean',
  (xs, names, rows) => Array.from({ length: rows }, (_, i) => xs[i]! > 0 && names[i] !== ''),
  { vectorized: true },
);
const m = plain.udf('m', [{ list: 'int32' }], { struct: { n: 'int64' } }, { module: 'file:///m.js' });
const summed = people.agg(t => ({ m: m(t.age.fillNull(0).collectList()) }));
expect<Equal<SchemaOf<typeof summed>, { m: Struct<{ n: 'int64' }> | null }>>();
// @ts-expect-error a date where a text is wanted
people.select(t => ({ x: f(t.born, 1) }));
// @ts-expect-error one argument too few
people.select(t => ({ x: f(t.name) }));
// @ts-expect-error a text where a number is promised
plain.udf('f', ['string'], 'float64', text => text);
// @ts-expect-error null where none is promised
plain.udf('f', ['string'], 'float64', () => null);

// SQL that is put together when the program runs is not read.
declare const column: string;
const put = db.sql(`select ${column} from users`);
expect<Equal<typeof put, DataFrame<Dynamic>>>();
