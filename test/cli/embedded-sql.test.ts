// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs stand in texts here
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { embeddedSql } from '../../frontends/cli/check/embedded-sql.ts';

const found = (source: string) => {
  const { texts, unreadable } = embeddedSql(source);
  return [...texts.map(t => [t.method, t.text, t.tables]), ...(unreadable > 0 ? [unreadable] : [])];
};

it('finds the texts of calls and templates', () => {
  expect(
    found(`db.sql('select 1'); tx . sql ( "select 2" , { a: 1 }); await db.execute(\`create table t (a int)\`);`),
  ).toEqual([
    ['sql', 'select 1', 0],
    ['sql', 'select 2', 0],
    ['execute', 'create table t (a int)', 0],
  ]);
  expect(found('const a = db.sql`select ${f(`x${1}`)} + ${{ a: 1 }.a}`;')).toEqual([
    ['sql', 'select $hole_1 + $hole_2', 0],
  ]);
  expect(found('db\n  .sql<{ n: List<"int64"> }>(\n  "select 1")\n.collect()')).toEqual([['sql', 'select 1', 0]]);
  expect(found('db.sql<(a: 1) => { x: 2 }>`select 1`')).toEqual([['sql', 'select 1', 0]]);
  expect(found("db.sql('select ' +\n // all\n 'a, b ' + `from t`)")).toEqual([['sql', 'select a, b from t', 0]]);
});

it('takes holes where tables stand for tables', () => {
  expect(found('db.sql`select * from ${a} join ${b} using (id) where x > ${least}`')).toEqual([
    ['sql', 'select * from "$frame_1" join "$frame_2" using (id) where x > $hole_3', 2],
  ]);
  expect(found('db.sql`select ${db.sql`select 1`.scalar("x")} from ${db.sql("select 2")}`')).toEqual([
    ['sql', 'select $hole_1 from "$frame_2"', 1],
    ['sql', 'select 1', 0],
    ['sql', 'select 2', 0],
  ]);
});

it('counts what is put together', () => {
  expect(
    found('db.sql(`select ${column} from t`); db.sql("select " + name); db.sql`select ${sql.id(name)} from t`'),
  ).toEqual([3]);
  expect(found('db.sql(text); db.execute(read("a.sql")); db.sql; sql`select 1`; execute("x")')).toEqual([]);
});

it('is not misled by comments, regular expressions and quotes', () => {
  const source = `// db.sql('no')
/* db.sql('no') */ const a = /['"\`/]db.sql\\('no'/.test("it's") / 2 / b.sql('1');
const s = 'db.sql("no")' + "\\"" + \`db.sql('no') \${ x /* ' */ }\`;
const c = x ? /[/']/ : (a) / 3; db.sql('2'); <p>don't</p>
db.sql('3')`;
  expect(found(source)).toEqual([
    ['sql', '1', 0],
    ['sql', '2', 0],
    ['sql', '3', 0],
  ]);
});

it('reads escapes as the program does, and knows where characters were', () => {
  const source = String.raw`db.sql('a\n\'\x41\u{1F600}\u0042\
b' + ${'`'}c\${d}${'`'})`;
  const [only] = embeddedSql(source).texts;
  expect(only!.text).toBe("a\n'A😀Bbc${d}");
  expect(only!.places).toHaveLength(only!.text.length + 1);
  expect(source[only!.places[only!.text.indexOf('b')]!]).toBe('b');
  expect(source[only!.places[only!.text.indexOf('d')]!]).toBe('d');
});

it('reads what JSON.stringify writes, and never fails', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(embeddedSql(`db.sql(${JSON.stringify(text)})`).texts[0]?.text).toBe(text);
      embeddedSql(text);
    }),
  );
  const pieces = fc.array(
    fc.constantFrom("'", '"', '`', '${', '}', '{', '/', '\\', '*', 'db.sql(', ')', '\n', 'a', '+', '<', '>'),
  );
  fc.assert(fc.property(pieces, parts => void embeddedSql(parts.join(''))));
});
