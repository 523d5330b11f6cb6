import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database, type StandardSchema } from '../../frontends/index.ts';

type User = { readonly id: number; readonly name: string };

/** What zod would make of `z.object({ id: z.coerce.number(), name: z.string().trim() })`, by the interface alone. */
const users: StandardSchema<unknown, User> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: value => {
      const { id, name } = value as { id: unknown; name: unknown };
      const issues = [
        ...(Number.isNaN(Number(id)) ? [{ message: 'no number', path: ['id'] }] : []),
        ...(typeof name === 'string' ? [] : [{ message: 'no text', path: [{ key: 'name' }] }]),
      ];
      return issues.length > 0 ? { issues } : { value: { id: Number(id), name: String(name).trim() } };
    },
  },
};
const awaited: StandardSchema<unknown, User> = {
  '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('never seen')) },
};

let db: Database;
beforeAll(() => {
  db = connect({ threads: 0 });
});
afterAll(() => db.close());

describe('rows that a Standard Schema lets in', () => {
  it('are what it makes of them', async () => {
    const frame = db.from([{ id: '7', name: ' a ' }], { schema: users });
    expect(await frame.select(t => ({ next: t.id.add(1), name: t.name })).collect()).toEqual([{ next: 8, name: 'a' }]);
    // arktype's schemas are functions.
    const asFunction = Object.assign(() => undefined, users);
    expect(await db.from([{ id: 1, name: 'x' }], { schema: asFunction }).count()).toBe(1);
  });

  it('are refused at the call', () => {
    expect(() =>
      db.from(
        [
          { id: 1, name: 'x' },
          { id: 'x', name: 5 },
        ],
        { schema: users },
      ),
    ).toThrow('row 1 does not fit the schema: id: no number; name: no text');
    expect(() => db.from([{ id: 1 }], { schema: awaited })).toThrow('rows are checked one after the other');
  });
});

describe('rows that come out through a Standard Schema', () => {
  const frame = (name: string) => db.sql<{ id: 'string'; name: 'string' }>(`SELECT '1' AS id, ${name} AS name`);
  it('are checked when they are read', async () => {
    const good = frame("' x '").withSchema(users);
    expect(await good.collect()).toEqual([{ id: 1, name: 'x' }]);
    expect(await good.first()).toEqual({ id: 1, name: 'x' });
    expect(await good.one()).toEqual({ id: 1, name: 'x' });
    for await (const rows of good.stream()) expect(rows).toEqual([{ id: 1, name: 'x' }]);
    await expect(frame('NULL').withSchema(users).collect()).rejects.toThrow(
      'row 0 does not fit the schema: name: no text',
    );
    await expect(frame("'a'").withSchema(awaited).one()).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('count through all batches', async () => {
    const many = db.sql<{ id: 'int64' }>("SELECT i AS id, CASE WHEN i < 5 THEN 'x' END AS name FROM range(9) t(i)");
    const read = async (): Promise<void> => {
      for await (const _ of many.withSchema(users).stream({ batchRows: 2 }));
    };
    await expect(read()).rejects.toThrow('row 5 does not fit the schema');
  });
});
