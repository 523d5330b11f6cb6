// Rows through schemas of the libraries that people use: what they let in, what they refuse, and what is known of types.
import { type } from 'arktype';
import { connect, type Row } from 'rayexec';
import * as v from 'valibot';
import { z } from 'zod';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const typed = <Same extends true>(same?: Same): unknown => same;

const db = connect({ threads: 0 });
const given = [{ id: 7, name: ' a ', tags: ['x'], note: null, day: new Date(0) }];
const rows = [{ id: 7, name: 'a', tags: ['x'], note: null, day: new Date(0) }];

function same(found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${a} is not ${b}`);
}
function refuses(call: () => unknown, said: RegExp): void {
  try {
    call();
  } catch (error) {
    if (said.test(String((error as Error).message))) return;
    throw error;
  }
  throw new Error(`nothing was refused: ${said}`);
}

const zod = z.object({
  id: z.number().int(),
  name: z.string().trim(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
  day: z.date(),
});
const fromZod = db.from(given, { schema: zod });
type Expected = { id: number; name: string; tags: string[]; note: string | null; day: Date };
typed<Equal<z.infer<typeof zod>, Expected>>();
type Read = { id: number; name: string; tags: string[]; note: string | null; day: Date };
typed<Equal<Row<typeof fromZod>, Read>>();
same(await fromZod.filter(t => t.id.gt(6)).collect(), rows);
refuses(() => db.from([{ ...given[0]!, id: 'x' }], { schema: zod }), /^row 0 does not fit the schema: id: /);

const valibot = v.object({
  id: v.pipe(v.number(), v.integer()),
  name: v.pipe(v.string(), v.trim()),
  tags: v.array(v.string()),
  note: v.nullable(v.string()),
  day: v.date(),
});
const fromValibot = db.from(given, { schema: valibot });
typed<Equal<Row<typeof fromValibot>, Read>>();
same(await fromValibot.collect(), rows);
refuses(() => db.from([{ ...given[0]!, name: 5 }], { schema: valibot }), /^row 0 does not fit the schema: name: /);

const ark = type({ id: 'number.integer', name: 'string.trim', tags: 'string[]', note: 'string | null', day: 'Date' });
const fromArk = db.from(given, { schema: ark });
typed<Equal<Row<typeof fromArk>, Read>>();
same(await fromArk.collect(), rows);
refuses(() => db.from([{ ...given[0]!, tags: [1] }], { schema: ark }), /^row 0 does not fit the schema: tags/);

// Rows on their way out.
const out = db.sql<{ id: 'int32'; name: 'string' }>`SELECT 7 AS id, ' a ' AS name`;
const checked = out.withSchema(z.object({ id: z.number(), name: z.string().trim() }));
same(await checked.collect(), [{ id: 7, name: 'a' }]);
const narrow = out.withSchema(v.object({ id: v.pipe(v.number(), v.maxValue(5)), name: v.string() }));
const refused = await narrow.collect().catch((error: Error) => error);
if (!(refused instanceof Error && /row 0 does not fit the schema: id: /.test(refused.message)))
  throw new Error('let out');

await db.close();
console.log('ok');
