import type { DataType } from '../../src/types/data-type.ts';
import type { RawValue } from '../../src/types/raw-value.ts';

/** The order of two values of a type, neither NULL. */
function compareValues(type: DataType, a: RawValue, b: RawValue): number {
  switch (type.kind) {
    case 'utf8': {
      return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
    }
    case 'binary':
      return Buffer.compare(a as Uint8Array, b as Uint8Array);
    case 'enum':
      return type.values.indexOf(a as string) - type.values.indexOf(b as string);
    case 'float': {
      const [x, y] = [a as number, b as number];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      return x < y ? -1 : x > y ? 1 : 0;
    }
    case 'list':
      return compareLists(type.element, a as RawValue[], b as RawValue[]);
    case 'struct': {
      const [x, y] = [a as RawValue[], b as RawValue[]];
      for (const [i, f] of type.fields.entries()) {
        const c = compareInside(f.type, x[i]!, y[i]!);
        if (c !== 0) return c;
      }
      return 0;
    }
    case 'map': {
      const entry: DataType = {
        kind: 'struct',
        fields: [
          { name: 'key', type: type.key },
          { name: 'value', type: type.value },
        ],
      };
      return compareLists(entry, a as RawValue[], b as RawValue[]);
    }
    default:
      return a! < b! ? -1 : a! > b! ? 1 : 0;
  }
}

function compareLists(element: DataType, a: RawValue[], b: RawValue[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const c = compareInside(element, a[i]!, b[i]!);
    if (c !== 0) return c;
  }
  return a.length - b.length;
}

/** Inside lists and structs NULL is last. */
function compareInside(type: DataType, a: RawValue, b: RawValue): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compareValues(type, a, b);
}

export type Order = {
  readonly index: number;
  readonly type: DataType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
};

/** The order of two rows by sort keys. */
export function compareRows(orders: readonly Order[]): (a: readonly RawValue[], b: readonly RawValue[]) => number {
  return (a, b) => {
    for (const { index, type, descending, nullsFirst } of orders) {
      const [x, y] = [a[index]!, b[index]!];
      if (x === null && y === null) continue;
      if (x === null || y === null) return (x === null) === nullsFirst ? -1 : 1;
      const c = compareValues(type, x, y);
      if (c !== 0) return descending ? -c : c;
    }
    return 0;
  };
}
