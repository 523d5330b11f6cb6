import { physicalType, widthOf } from '../../types/physical.ts';
import type { LeafLayout } from './column-layout.ts';
import { damaged, type ReadEnvironment } from './read-environment.ts';

/** Bytes of a stored value; 0 for byte arrays and booleans. */
export function storedWidth({ stored, length }: LeafLayout): number {
  switch (stored) {
    case 'INT32':
    case 'FLOAT':
      return 4;
    case 'INT64':
    case 'DOUBLE':
      return 8;
    case 'INT96':
      return 12;
    case 'FIXED_LEN_BYTE_ARRAY':
      return length;
    default:
      return 0;
  }
}

/**
 * Writes `n` values as the leaf's type to `out`. They lie side by side at `src` as they are stored, byte arrays as
 * references. @throws RayexecError `format` when one does not fit its type
 */
export function convertValues(
  { kernels }: ReadEnvironment,
  leaf: LeafLayout,
  src: number,
  n: number,
  out: number,
  where: string,
): void {
  const { conversion, stored } = leaf;
  const width = widthOf(physicalType(leaf.type));
  let status = 0;
  switch (conversion.kind) {
    case 'copy':
      kernels.move_bytes(out, src, n * width);
      return;
    case 'bytes':
      if (stored === 'BYTE_ARRAY') kernels.move_bytes(out, src, n * 8);
      else kernels.fixed_to_refs(src, n, leaf.length, out);
      return;
    case 'narrow':
      kernels.narrow_i32(src, n, width, out);
      return;
    case 'widen':
      kernels.widen_i32(src, n, conversion.signed ? 1 : 0, out);
      return;
    case 'wide':
      // 32-bit decimals never have so many digits.
      kernels.widen_i64(src, n, out);
      return;
    case 'double':
      kernels.to_f64(src, n, numberKind(stored, conversion.signed), out);
      return;
    case 'scale':
      if (stored === 'INT32') kernels.widen_i32(src, n, 1, out);
      else kernels.move_bytes(out, src, n * 8);
      if (conversion.factor !== 1) status = kernels.scale_i64(out, n, conversion.factor);
      break;
    case 'big-endian':
      if (stored === 'BYTE_ARRAY') status = kernels.big_endian_refs(src, n, width, out);
      else status = kernels.big_endian_fixed(src, leaf.length, n, width, out);
      break;
    case 'int96':
      kernels.int96_micros(src, n, out);
      return;
    case 'half':
      kernels.half_floats(src, n, out);
      return;
    case 'uuid':
      kernels.uuids(src, n, out);
      return;
    case 'interval':
      kernels.intervals(src, n, out);
      return;
    case 'bits':
      // A dictionary of booleans, one byte each, that nobody writes.
      throw damaged(where, 'booleans with a dictionary');
    case 'none':
      throw damaged(where, 'a value in a column of NULLs');
  }
  if (status < 0) throw damaged(where, 'a value does not fit the type of its column');
}

function numberKind(stored: LeafLayout['stored'], signed: boolean): number {
  if (stored === 'FLOAT') return 4;
  return (stored === 'INT64' ? 2 : 0) + (signed ? 0 : 1);
}
