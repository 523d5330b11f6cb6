import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '../../../frontends/index.ts';
import { TestFiles } from '../file-cases.ts';

const files = new TestFiles();
const [one, two] = [files.path('metadata-1.parquet'), files.path('metadata-2.parquet')];
let db: Database;

beforeAll(async () => {
  db = connect({ threads: 0 });
  const values = `SELECT range AS i, (range / 4)::FLOAT AS f, 'x' || range AS t, [range] AS l,
    {'a': DATE '2020-01-01' + range::INT, 'b': (range - 5)::DECIMAL(9, 2)} AS s, nullif(range, 0)::UTINYINT AS u FROM range(10)`;
  await db.execute(`COPY (${values}) TO '${one}' (ROW_GROUP_SIZE 4)`);
  await db.execute(`COPY (SELECT TIMESTAMP '2020-01-01' AS ts, NULL::UUID AS u) TO '${two}'`);
});

afterAll(() => db.close());

const rows = async (sql: string): Promise<readonly unknown[]> =>
  (await db.sql(sql).collect()).map(r => Object.values(r));

it('a row for each file', async () => {
  const { length } = readFileSync(one);
  expect(
    await rows(`SELECT file_name = '${one}', created_by, num_rows::INT, num_row_groups::INT, file_size_bytes::INT,
      footer_size BETWEEN 1 AND file_size_bytes FROM parquet_file_metadata('${one}')`),
  ).toEqual([[true, 'rayexec', 10, 3, length, true]]);
  const both = `'${files.path('metadata-*.parquet')}'`;
  expect(await rows(`SELECT num_rows::INT FROM parquet_file_metadata(${both}) ORDER BY file_name`)).toEqual([
    [10],
    [1],
  ]);
  expect(await rows(`SELECT count(*)::INT FROM parquet_kv_metadata(['${one}', '${two}'])`)).toEqual([[0]]);
});

it('a row for each element of the schema', async () => {
  const columns = 'name, type, repetition_type, num_children::INT, converted_type, logical_type, column_id::INT';
  expect(await rows(`SELECT ${columns} FROM parquet_schema('${one}') WHERE column_id > 3`)).toMatchInlineSnapshot(`
    [
      [
        "l",
        null,
        "REQUIRED",
        1,
        "LIST",
        "ListType()",
        4,
      ],
      [
        "list",
        null,
        "REPEATED",
        1,
        null,
        null,
        5,
      ],
      [
        "element",
        "INT64",
        "OPTIONAL",
        null,
        "INT_64",
        "IntType(bitWidth=64, isSigned=1)",
        6,
      ],
      [
        "s",
        null,
        "REQUIRED",
        2,
        null,
        null,
        7,
      ],
      [
        "a",
        "INT32",
        "OPTIONAL",
        null,
        "DATE",
        "DateType()",
        8,
      ],
      [
        "b",
        "INT32",
        "OPTIONAL",
        null,
        "DECIMAL",
        "DecimalType(scale=2, precision=9)",
        9,
      ],
      [
        "u",
        "INT32",
        "OPTIONAL",
        null,
        "UINT_8",
        "IntType(bitWidth=8, isSigned=0)",
        10,
      ],
    ]
  `);
  expect(
    await rows(`SELECT name, type, type_length, logical_type FROM parquet_schema('${two}') WHERE column_id > 0`),
  ).toMatchInlineSnapshot(`
    [
      [
        "ts",
        "INT64",
        null,
        "TimestampType(isAdjustedToUTC=0, unit=MICROS)",
      ],
      [
        "u",
        "FIXED_LEN_BYTE_ARRAY",
        "16",
        "UUIDType()",
      ],
    ]
  `);
});

it('a row for each column of each row group, as those read them', async () => {
  const columns = `row_group_id::INT, row_group_num_rows::INT, path_in_schema, type, num_values::INT, stats_null_count::INT,
    stats_min_value, stats_max_value, compression`;
  expect(await rows(`SELECT ${columns} FROM parquet_metadata('${one}') WHERE row_group_id = 2`)).toMatchInlineSnapshot(`
    [
      [
        2,
        2,
        "i",
        "INT64",
        2,
        0,
        "8",
        "9",
        "SNAPPY",
      ],
      [
        2,
        2,
        "f",
        "FLOAT",
        2,
        0,
        "2.0",
        "2.25",
        "SNAPPY",
      ],
      [
        2,
        2,
        "t",
        "BYTE_ARRAY",
        2,
        0,
        "x8",
        "x9",
        "SNAPPY",
      ],
      [
        2,
        2,
        "l, list, element",
        "INT64",
        2,
        0,
        "8",
        "9",
        "SNAPPY",
      ],
      [
        2,
        2,
        "s, a",
        "INT32",
        2,
        0,
        "2020-01-09",
        "2020-01-10",
        "SNAPPY",
      ],
      [
        2,
        2,
        "s, b",
        "INT32",
        2,
        0,
        "3.00",
        "4.00",
        "SNAPPY",
      ],
      [
        2,
        2,
        "u",
        "INT32",
        2,
        0,
        "8",
        "9",
        "SNAPPY",
      ],
    ]
  `);
  expect(
    await rows(`SELECT bool_and(total_compressed_size > 0 AND data_page_offset >= 4), sum(num_values)::INT
      FROM parquet_metadata('${one}') WHERE path_in_schema = 'i'`),
  ).toEqual([[true, 10]]);
});

it('what can be read is what the arguments name', async () => {
  const damaged = files.path('metadata-damaged.parquet');
  const bytes = readFileSync(one);
  writeFileSync(damaged, bytes.subarray(0, bytes.length - 20));
  await expect(rows(`SELECT * FROM parquet_schema('${damaged}')`)).rejects.toThrow(/does not end with PAR1.*damaged/s);
  bytes.fill(255, bytes.length - 40, bytes.length - 30);
  writeFileSync(damaged, bytes);
  await expect(rows(`SELECT * FROM parquet_metadata('${damaged}')`)).rejects.toThrow(/damaged/);
  await expect(rows(`SELECT * FROM parquet_schema('${files.path('none.parquet')}')`)).rejects.toThrow(/none.parquet/);
  await expect(rows(`SELECT * FROM parquet_schema(5)`)).rejects.toThrow(/a VARCHAR or a list of them, not INTEGER/);
  await expect(rows(`SELECT * FROM parquet_schema('${one}', x = 1)`)).rejects.toThrow(/has no parameter 'x'/);
});
