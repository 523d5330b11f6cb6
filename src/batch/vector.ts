import { invariant } from '../common/errors.ts';
import type { LinearMemory } from '../memory/linear-memory.ts';
import type { DataType } from '../types/data-type.ts';
import { type PhysicalType, physicalType, widthOf } from '../types/physical.ts';

/**
 * How the values are stored.
 * - `flat`: one value per position.
 * - `constant`: one value (position 0) for all positions.
 * - `dictionary`: a u32 code per position into `dictionary` (a flat vector). Validity may be in the codes' bitmap
 *   (`validity`) or in the dictionary's: a row is NULL when either says so.
 */
export type VectorForm = 'flat' | 'constant' | 'dictionary';

/**
 * One column of a batch: addresses in linear memory, which some arena owns. Never changed once handed on.
 * Strings are {address, length} pairs, so that gathering and slicing copy 8 bytes and never the text.
 */
export class Vector {
  readonly type: DataType;
  readonly physical: PhysicalType;
  readonly form: VectorForm;
  /** Positions (for `constant`, as many as the batch has). */
  readonly length: number;
  /** Address of the values (of the u32 codes for `dictionary`); 0 for structs. Width: `widthOf(physical)`. */
  readonly data: number;
  /** Address of the bitmap, bit i of byte i >> 3, 1 = valid; 0 = no NULLs. A constant NULL has a bitmap with bit 0 clear. */
  readonly validity: number;
  /** Child vectors of nested types (see `childTypes`): list elements, struct fields. */
  readonly children: readonly Vector[];
  readonly dictionary: Vector | undefined;

  private constructor(
    type: DataType,
    form: VectorForm,
    length: number,
    data: number,
    validity: number,
    children: readonly Vector[],
    dictionary: Vector | undefined,
  ) {
    this.type = type;
    this.physical = physicalType(type);
    this.form = form;
    this.length = length;
    this.data = data;
    this.validity = validity;
    this.children = children;
    this.dictionary = dictionary;
  }

  static flat(
    type: DataType,
    length: number,
    data: number,
    validity = 0,
    children: readonly Vector[] = NO_CHILDREN,
  ): Vector {
    return new Vector(type, 'flat', length, data, validity, children, undefined);
  }

  static constant(
    type: DataType,
    length: number,
    data: number,
    validity = 0,
    children: readonly Vector[] = NO_CHILDREN,
  ): Vector {
    return new Vector(type, 'constant', length, data, validity, children, undefined);
  }

  static coded(dictionary: Vector, length: number, codes: number, validity = 0): Vector {
    invariant(dictionary.form === 'flat', 'a dictionary is flat');
    return new Vector(dictionary.type, 'dictionary', length, codes, validity, NO_CHILDREN, dictionary);
  }

  /** The same values under another type of the same physical form (DATE as INTEGER, DECIMAL(5,2) as DECIMAL(18,2)). */
  as(type: DataType): Vector {
    const dictionary = this.dictionary?.as(type);
    return new Vector(type, this.form, this.length, this.data, this.validity, this.children, dictionary);
  }

  /** The positions `from` … `from + length` of a flat or constant vector; bitmaps need `from` to be a multiple of 8. */
  slice(from: number, length: number): Vector {
    if (this.form === 'constant')
      return new Vector(this.type, 'constant', length, this.data, this.validity, this.children, undefined);
    invariant(this.validity === 0 || (from & 7) === 0, 'slices of vectors with a bitmap start at a multiple of 8');
    const width = this.form === 'dictionary' ? 4 : widthOf(this.physical);
    const children = this.physical === 'struct' ? this.children.map(c => c.slice(from, length)) : this.children;
    const validity = this.validity === 0 ? 0 : this.validity + (from >> 3);
    return new Vector(this.type, this.form, length, this.data + from * width, validity, children, this.dictionary);
  }

  /** Whether the constant is NULL. */
  isNullConstant(memory: LinearMemory): boolean {
    return this.form === 'constant' && this.validity !== 0 && (memory.u8[this.validity]! & 1) === 0;
  }

  /** Whether position `i` is NULL; slow, for tests and the edges of the engine. */
  isNull(memory: LinearMemory, i: number): boolean {
    const at = this.form === 'constant' ? 0 : i;
    if (this.validity !== 0 && ((memory.u8[this.validity + (at >> 3)]! >> (at & 7)) & 1) === 0) return true;
    if (this.dictionary === undefined) return false;
    return this.dictionary.isNull(memory, memory.u32[(this.data >> 2) + i]!);
  }
}

const NO_CHILDREN: readonly Vector[] = [];
