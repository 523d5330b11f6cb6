import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RayexecError } from '../../../src/common/errors.ts';
import type { TpchTable } from '../../../src/sources/tpch/tpch-table.ts';
import { tpchTables } from '../../../src/sources/tpch/tpch-tables.ts';
import { golden } from './golden.ts';
import { allColumns, readChecksums, readRows, tableNamed } from './read-table.ts';

describe.each(tpchTables.map(table => [table.name, table] as const))('%s', (name, table) => {
  const reference = golden[name]!;

  test('is that of the reference generator at scale 0.01', () => {
    const { rows, columns } = readChecksums(table, 0.01);
    expect(columns).toEqual(reference.columns);
    expect(rows).toBe(reference.rows);
    const units = table.units(0.01);
    expect(readRows(table, 0.01, 0, 1)[0]).toBe(reference.first);
    expect(readRows(table, 0.01, units - 1, units).at(-1)).toBe(reference.last);
  });

  test('knows its number of rows', () => {
    if (table.exactRowCount) expect(table.rowCount(0.01)).toBe(reference.rows);
    else expect(Math.abs(table.rowCount(0.01) / reference.rows - 1)).toBeLessThan(0.01);
  });

  test('is the same however it is divided, and whichever columns are asked for', () => {
    const scale = 0.003;
    const units = table.units(scale);
    const whole = readRows(table, scale).map(row => row.split('|'));
    fc.assert(
      fc.property(
        fc.array(fc.nat(units), { maxLength: 5 }),
        fc
          .subarray(allColumns(table), { minLength: 1 })
          .chain(columns => fc.shuffledSubarray(columns, { minLength: 1 })),
        (cuts, columns) => {
          const bounds = [0, ...cuts.sort((a, b) => a - b), units];
          const parts = bounds.slice(1).flatMap((to, i) => readRows(table, scale, bounds[i], to, columns));
          expect(parts).toEqual(whole.map(row => columns.map(column => row[column]).join('|')));
        },
      ),
      { numRuns: 8 },
    );
  });

  test('can be had at the smallest scale', () => {
    expect(readRows(table, 0.0001).length).toBeGreaterThan(0);
  });

  test('refuses what does not exist', () => {
    for (const scale of [Number.NaN, -1, 0.00001, 10001, Number.POSITIVE_INFINITY]) {
      expectInvalid(() => table.units(scale), /scale factor/);
      expectInvalid(() => table.rowCount(scale), /scale factor/);
    }
    const units = table.units(0.01);
    for (const [from, to] of [
      [-1, 1],
      [0, units + 1],
      [2, 1],
      [0, 0.5],
      [0, Number.NaN],
    ] as const) {
      expectInvalid(() => table.open(0.01, from, to, [0]), /units at this scale/);
    }
    for (const column of [-1, table.schema.length, 0.5]) {
      expectInvalid(() => table.open(0.01, 0, 1, [column]), /columns, none of them/);
    }
  });
});

function expectInvalid(act: () => unknown, message: RegExp): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(RayexecError);
    expect((error as RayexecError).code).toBe('invalid-argument');
    expect((error as RayexecError).message).toMatch(message);
    return;
  }
  expect.fail('no error');
}

test('types are those of the specification, and nothing is NULL', () => {
  const typeName = (table: TpchTable): string =>
    table.schema
      .map(({ type }) => (type.kind === 'int' ? type.bits : type.kind === 'decimal' ? `d${type.scale}` : type.kind))
      .join(' ');
  expect(Object.fromEntries(tpchTables.map(table => [table.name, typeName(table)]))).toEqual({
    region: '64 utf8 utf8',
    nation: '64 utf8 64 utf8',
    supplier: '64 utf8 utf8 64 utf8 d2 utf8',
    part: '64 utf8 utf8 utf8 utf8 32 utf8 d2 utf8',
    partsupp: '64 64 32 d2 utf8',
    customer: '64 utf8 utf8 64 utf8 d2 utf8 utf8',
    orders: '64 64 utf8 d2 date utf8 utf8 32 utf8',
    lineitem: '64 64 64 32 d2 d2 d2 d2 utf8 utf8 date date date utf8 utf8 utf8',
  });
  expect(tpchTables.every(table => table.schema.every(field => !field.nullable))).toBe(true);
});

test('scale 0 has regions and nations only', () => {
  const counts = tpchTables.map(table => [table.rowCount(0), readRows(table, 0).length]);
  expect(counts).toEqual([[5, 5], [25, 25], ...Array(6).fill([0, 0])]);
});

test('keys pass 2^32 at large scales', () => {
  expect(readRows(tableNamed('orders'), 10000, 14_999_940_000, 14_999_940_002)).toEqual([
    '59999760001|1068345844|F|166154.94|1994-09-20|5-LOW|Clerk#004226698|0|ent accounts. silent, regular frets boo',
    '59999760002|688597523|F|95554.78|1994-03-20|3-MEDIUM|Clerk#008100484|0|egular packages cajole above the fluffily ' +
      'bold platelets-- even, final fox',
  ]);
  expect(readRows(tableNamed('lineitem'), 10000, 14_999_940_000, 14_999_940_001).slice(0, 2)).toEqual([
    '59999760001|919746071|44746081|1|18.00|19279.62|0.07|0.06|R|F|1994-10-28|1994-11-27|1994-11-06|COLLECT COD|MAIL|' +
      '. special, express asymptotes ha',
    '59999760001|172208528|22208531|2|31.00|50465.52|0.04|0.05|A|F|1994-12-22|1994-11-17|1995-01-13|TAKE BACK RETURN|' +
      'AIR|regular orbits are slyly above the qui',
  ]);
});

test('about one supplier in a thousand has a remark in its comment', () => {
  const supplier = tableNamed('supplier');
  const comment = supplier.schema.findIndex(field => field.name === 's_comment');
  const remarks = readRows(supplier, 1, 0, 10_000, [comment]).filter(text =>
    /Customer.*(Complaints|Recommends)/.test(text),
  );
  expect(remarks).toEqual([
    'ans. ironicCustomer  requests cajole carefullyComplaintsy regular reque',
    'Customer s. even asympRecommends haggl',
    'inCustomer  requests daRecommendsully',
    'Customer Complaintshe slyly',
    'Customer nts. furComplaints',
    'uickly regular Customer afRecommendsu',
    'ructions boost blithely Customer posRecommendsdolites solve blithely unusual ideas',
    'r the final accounts. boldly regular theodolites waCustomer  regular, slowRecommendses s',
    'arefully aboCustomer gular packages. idly regular requests booComplaintssly fluff',
  ]);
});

test.each(tpchTables.map(table => [table.name, table] as const))(
  'batches of %s are neither empty nor too large',
  (_name, table) => {
    const units = table.units(0.01);
    let rows = 0;
    table.generate(0.01, 0, units, [0], batch => {
      expect(batch.rows).toBeGreaterThan(0);
      expect(batch.rows).toBeLessThanOrEqual(2048);
      rows += batch.rows;
    });
    expect(rows).toBe(golden[table.name]!.rows);
    expect(table.open(0.01, units, units, [0]).next()).toBeUndefined();
  },
);
