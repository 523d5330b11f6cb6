import type { StoredRow } from '../stored-rows.ts';
import { PARQUET_TYPES } from './file-metadata.ts';
import { digitsAt, named } from './footer-texts.ts';
import { booleanAt, numberAt, structAt, structsAt, type ThriftStruct, textAt } from './thrift.ts';

const REPETITIONS = ['REQUIRED', 'OPTIONAL', 'REPEATED'];
const CONVERTED = [
  ...['UTF8', 'MAP', 'MAP_KEY_VALUE', 'LIST', 'ENUM', 'DECIMAL', 'DATE', 'TIME_MILLIS', 'TIME_MICROS'],
  ...['TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS', 'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64', 'INT_8', 'INT_16', 'INT_32'],
  ...['INT_64', 'JSON', 'BSON', 'INTERVAL'],
];

/** The elements of a footer's schema as rows of `parquet_schema`, without the file's name. */
export function schemaRows(footer: ThriftStruct): readonly StoredRow[] {
  return structsAt(footer, 2).map((element, i) => [
    textAt(element, 4) ?? '',
    named(PARQUET_TYPES, numberAt(element, 1)),
    digitsAt(element, 2),
    named(REPETITIONS, numberAt(element, 3)),
    digitsAt(element, 5),
    named(CONVERTED, numberAt(element, 6)),
    digitsAt(element, 7),
    digitsAt(element, 8),
    digitsAt(element, 9),
    logicalName(structAt(element, 10)),
    String(i),
  ]);
}

/** Logical types by the numbers of the union's members. */
const LOGICAL: Readonly<Record<number, string>> = {
  1: 'String',
  2: 'Map',
  3: 'List',
  4: 'Enum',
  5: 'Decimal',
  6: 'Date',
  7: 'Time',
  8: 'Timestamp',
  10: 'Int',
  11: 'Null',
  12: 'Json',
  13: 'Bson',
  14: 'UUID',
  15: 'Float16',
  16: 'Variant',
  17: 'Geometry',
  18: 'Geography',
};

/** `DecimalType(scale=2, precision=9)`: the member of the union, with what it says. */
function logicalName(union: ThriftStruct | undefined): string | null {
  const id = union?.keys().next().value;
  if (union === undefined || id === undefined) return null;
  const type = structAt(union, id) ?? new Map();
  return `${LOGICAL[id] ?? id}Type(${detailsOf(id, type)})`;
}

function detailsOf(id: number, type: ThriftStruct): string {
  const flag = (field: number): number => Number(booleanAt(type, field) ?? false);
  switch (id) {
    case 5:
      return `scale=${numberAt(type, 1)}, precision=${numberAt(type, 2)}`;
    case 7:
    case 8: {
      const unit = structAt(type, 2)?.keys().next().value ?? 0;
      return `isAdjustedToUTC=${flag(1)}, unit=${['', 'MILLIS', 'MICROS', 'NANOS'][unit] ?? unit}`;
    }
    case 10:
      return `bitWidth=${numberAt(type, 1)}, isSigned=${flag(2)}`;
    default:
      return '';
  }
}
