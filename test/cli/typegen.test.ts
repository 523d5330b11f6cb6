import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFiles } from '../../frontends/cli/typegen/describe-files.ts';
import { schemaSource } from '../../frontends/cli/typegen/schema-source.ts';
import { typegen } from '../../frontends/cli/typegen/typegen.ts';
import { connect, type Database } from '../../frontends/index.ts';
import { nodePlatform } from '../../src/platform/node.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'rayexec-typegen-'));
const at = (name: string): string => join(folder, name);
let db: Database;

beforeAll(async () => {
  db = connect({ threads: 0 });
  mkdirSync(at('events'));
  await db.execute(`
    COPY (SELECT 1::BIGINT AS id, 'a' AS "full name", [1, NULL] AS tags, {'x': 1.5::DOUBLE, 'y': DATE '2020-01-01'} AS place,
      12.5::DECIMAL(10,2) AS price, MAP {'a': 1} AS counts) TO '${at('users.parquet')}';
    COPY (SELECT 1 AS day, 2::UTINYINT AS n) TO '${at('events/1.parquet')}';
    COPY (SELECT 2 AS day, NULL::UTINYINT AS n) TO '${at('events/2.parquet')}';
    COPY (SELECT 1 AS k, 'x' AS v) TO '${at('plain.csv')}'`);
});
afterAll(() => db.close());

const described = async (patterns: string[], notNullByStatistics = false): Promise<string> => {
  const files = await describeFiles(patterns.map(at), nodePlatform, { notNullByStatistics });
  return schemaSource(files, 'rayexec typegen').replaceAll(folder, 'data');
};

describe('what typegen writes', () => {
  it('a value and its types', async () => {
    expect(await described(['users.parquet', 'events/*.parquet', 'plain.csv'])).toMatchInlineSnapshot(`
      "// Written by \`rayexec typegen\`; the same command renews it.
      import type { List, MapOf, Struct } from 'rayexec';

      /** Columns of files, and which of these are tables: \`connect({ schema })\`. */
      export const schema = {
        tables: {
          users: 'data/users.parquet',
          events: 'data/events/*.parquet',
          plain: 'data/plain.csv',
        },
        files: {
          'data/users.parquet': {
            id: 'int64',
            'full name': 'string',
            tags: { list: 'int32?' },
            place: { struct: { x: 'float64?', y: 'date?' } },
            price: 'decimal(10,2)',
            counts: { key: 'string', value: 'int32?', nullable: true },
          },
          'data/events/*.parquet': {
            day: 'int32',
            n: 'uint8?',
          },
          'data/plain.csv': {
            k: 'int64?',
            v: 'string?',
          },
        },
      } as const;

      /** The columns of each table: \`DataFrame<Tables['name']>\`. */
      export interface Tables {
        users: {
          id: 'int64';
          'full name': 'string';
          tags: List<'int32' | null>;
          place: Struct<{ x: 'float64' | null; y: 'date' | null }>;
          price: 'decimal';
          counts: MapOf<'string', 'int32' | null> | null;
        };
        events: {
          day: 'int32';
          n: 'uint8' | null;
        };
        plain: {
          k: 'int64' | null;
          v: 'string' | null;
        };
      }
      "
    `);
  });

  it('columns that the statistics know to have no NULL', async () => {
    const text = await described(['*.parquet', 'events/*.parquet'], true);
    expect(text).toContain("day: 'int32',\n      n: 'uint8?',");
    expect(text).toContain("id: 'int64',");
  });

  it('says what it cannot read', async () => {
    await expect(described(['nothing*.parquet'])).rejects.toThrow('no files match');
    writeFileSync(at('picture.png'), '');
    await expect(described(['picture.png'])).rejects.toThrow('is no kind of file that is known');
  });
});

describe('the command', () => {
  it('writes, checks, and tells what has changed', async () => {
    const output = at('rayexec.schema.ts');
    const run = (...more: string[]) => runCli(['typegen', at('plain.csv'), '-o', output, ...more]);
    expect(await run('--check')).toMatchObject({ status: 1, stderr: `${output} is not there\n` });
    expect(await run()).toMatchObject({ status: 0, stderr: `wrote ${output}\n` });
    expect(await run()).toMatchObject({ status: 0, stderr: `${output} is up to date\n` });
    expect(await run('--check')).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(at('plain.csv'), 'k,v,w\n1,x,2\n');
    const { status, stderr } = await run('--check');
    expect(status).toBe(1);
    expect(stderr).toContain("+ w: 'int64?',");
  });

  it('refuses what it does not understand', async () => {
    expect(await runCli(['typegen'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('typegen wants files'),
    });
    expect((await runCli(['typegen', '--not-null=all', 'x.csv'])).stderr).toContain("--not-null takes 'stats'");
    expect((await runCli(['typegen', 'gone.csv'])).status).toBe(1);
    expect((await runCli(['typegen', '--help'])).stdout).toContain('usage: rayexec typegen');
  });

  it('writes the columns of queries', async () => {
    writeFileSync(at('made.sql'), 'CREATE TABLE made (day INTEGER NOT NULL, note VARCHAR);');
    writeFileSync(
      at('app.ts'),
      `import { connect } from 'rayexec';
import { schema } from './queries.schema.ts';
const db = connect({ schema });
export const one = db.sql('SELECT id, tags, price * 2 AS twice FROM users');
await db.execute('CREATE TABLE own AS SELECT id FROM users');
export const two = db.sql(\`
  FROM own SELECT count(*) AS "how many"\`);
export const three = db.sql('SELECT day + $more AS later, note FROM made WHERE note = $note', { more: 1, note: 'x' });
export const four = db.sql('SELECT dya FROM made');
export const five = db.sql\`SELECT 1 AS n\`;
export const six = db.sql("SELECT 'it''s' AS \\"a\\", sum(id) AS a FROM own");
`,
    );
    const output = at('queries.schema.ts');
    const arguments_ = [
      'typegen',
      at('users.parquet'),
      '--queries',
      at('app.ts'),
      '--tables',
      at('made.sql'),
      '-o',
      output,
    ];
    const { status, stderr } = await runCli(arguments_);
    expect(status).toBe(0);
    expect(stderr.replaceAll(folder, 'data')).toMatchInlineSnapshot(`
      "data/app.ts:9:36: Referenced column "dya" not found in FROM clause!
      line 9:36: export const four = db.sql('SELECT dya FROM made');
                                                    ^^^
      hint: did you mean 'day'?
      wrote data/queries.schema.ts
      "
    `);
    const text = readFileSync(output, 'utf8').replaceAll(folder, 'data');
    expect(text.split('\n')[0]).toMatchInlineSnapshot(
      `"// Written by \`rayexec typegen data/users.parquet --queries data/app.ts --tables data/made.sql -o data/queries.schema.ts\`; the same command renews it."`,
    );
    expect(text.slice(text.indexOf('\ndeclare'))).toMatchInlineSnapshot(`
      "
      declare module 'rayexec' {
        /** The columns of queries by their text: \`db.sql('…')\`. */
        interface Queries {
          'SELECT id, tags, price * 2 AS twice FROM users': { id: 'int64'; tags: List<'int32' | null>; twice: 'decimal' };
          '\\n  FROM own SELECT count(*) AS "how many"': { 'how many': 'int64' };
          'SELECT day + $more AS later, note FROM made WHERE note = $note': { later: any; note: 'string' | null };
          'SELECT \\'it\\'\\'s\\' AS "a", sum(id) AS a FROM own': { a: 'int128' | null };
        }
      }
      "
    `);
    expect((await runCli([...arguments_, '--check'])).status).toBe(0);
    expect((await runCli(['typegen', '--tables', at('made.sql'), at('users.parquet')])).stderr).toContain(
      '--tables are for --queries',
    );
  });

  it('watches', async () => {
    const output = at('watched.ts');
    writeFileSync(at('grows.csv'), 'a\n1\n');
    const stop = new AbortController();
    const ended = typegen([at('grows.csv'), '-o', output, '--watch'], stop.signal);
    const written = async (text: string): Promise<void> => {
      await expect.poll(() => readFileSync(output, 'utf8'), { timeout: 20_000 }).toContain(text);
    };
    await expect
      .poll(() => readFileSync(output, { encoding: 'utf8', flag: 'a+' }), { timeout: 20_000 })
      .toContain('a:');
    writeFileSync(at('grows.csv'), 'a,later\n1,2\n');
    await written('later:');
    stop.abort();
    expect(await ended).toBe(0);
  });
});

describe('connect({ schema })', () => {
  const open = (columns: object): Database<{ users: Record<string, never> }> => {
    const path = at('users.parquet');
    return connect({ threads: 0, schema: { tables: { users: path }, files: { [path]: columns } } as never }) as never;
  };
  const failure = async (columns: object): Promise<string> => {
    const other = open(columns);
    const error = await other
      .table('users')
      .collect()
      .then(
        () => 'no error',
        (e: Error) => e.message.replaceAll(folder, 'data'),
      );
    await other.close();
    return error;
  };

  it('reads tables and files by it, the columns it has', async () => {
    const other = open({ price: 'decimal', id: 'int64?' });
    expect(await other.table('users').collect()).toEqual([{ id: 1, price: 12.5 }]);
    expect(await other.sql('SELECT * FROM users').collect()).toEqual([{ id: 1, price: 12.5 }]);
    expect(await other.parquet(at('users.parquet')).collect()).toEqual([{ id: 1, price: 12.5 }]);
    await other.close();
  });

  it('compares names, types and nullability with the file', async () => {
    expect(await failure({ idd: 'int64?' })).toMatchInlineSnapshot(`
      "data/users.parquet is not as expected: it has no column "idd"
      hint: did you mean 'id'?"
    `);
    expect(await failure({ id: 'int32?' })).toMatchInlineSnapshot(`
      "data/users.parquet is not as expected: column "id" is BIGINT, not INTEGER
      hint: renew the schema (rayexec typegen writes it)"
    `);
    expect(await failure({ price: 'decimal(10,3)?' })).toMatchInlineSnapshot(`
      "data/users.parquet is not as expected: column "price" is DECIMAL(10,2), not DECIMAL(10,3)
      hint: renew the schema (rayexec typegen writes it)"
    `);
    expect(await failure({ tags: { list: 'string?' } })).toMatchInlineSnapshot(`
      "data/users.parquet is not as expected: column "tags" is INTEGER[], not VARCHAR[]
      hint: renew the schema (rayexec typegen writes it)"
    `);
    expect(await failure({ id: 'int64', tags: { list: 'int32?' }, price: 'decimal(10,2)', place: 'unknown' })).toBe(
      'no error',
    );
    const events = { schema: { n: 'uint8' } } as const;
    await expect(db.parquet(at('events/*.parquet'), events).collect()).rejects.toThrow('column "n" is NULL in 1 row');
    await expect(db.csv(at('plain.csv'), { schema: { k: 'int64' } }).collect()).rejects.toThrow(
      'column "k" may be NULL',
    );
  });

  it('reads text as the types that are said', async () => {
    writeFileSync(at('zip.csv'), 'zip,n\n01234,1\n');
    const frame = db.csv(at('zip.csv'), { schema: { zip: 'string?', n: 'float64?' } });
    expect(await frame.collect()).toEqual([{ zip: '01234', n: 1 }]);
  });

  it('refuses a schema that does not fit itself', () => {
    expect(() => connect({ schema: { tables: { a: 'a.parquet' }, files: {} } as never })).toThrow(
      "the schema's table \"a\" is 'a.parquet', which the schema's files lack",
    );
  });
});
