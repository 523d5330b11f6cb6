import { buildConstant } from '../batch/builder.ts';
import { Vector } from '../batch/vector.ts';
import { selectValid, validityOf } from '../kernels/vectors.ts';
import { type DataType, sameType, UINT8 as TAG } from '../types/data-type.ts';
import { childTypes } from '../types/physical.ts';
import type { RawValue } from '../types/raw-value.ts';
import { byValue, type Cast } from './cast-call.ts';
import { castChild, type FindCast } from './cast-nested.ts';

type Union = Extract<DataType, { kind: 'union' }>;
type Struct = Extract<DataType, { kind: 'struct' }>;

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A union as one with more members or members of other types: by their names, of which none may be missing. */
export function castUnion(from: Union, to: Union, find: FindCast): Cast | undefined {
  const targets = from.members.map(m => to.members.findIndex(t => sameName(t.name, m.name)));
  const casts = from.members.map((m, i) => (targets[i]! < 0 ? undefined : find(m.type, to.members[targets[i]!]!.type)));
  if (casts.includes(undefined)) return undefined;
  return {
    canFail: casts.some(c => c!.canFail),
    run: (ctx, { input, rows, validity, nulls }) => {
      const [tags, ...members] = input.children;
      const out = ctx.arena.allocZeroed(rows.count);
      const { u8, u16 } = ctx.memory;
      for (let j = 0; j < rows.selected; j++) {
        const i = rows.selection === 0 ? j : u16[(rows.selection >>> 1) + j]!;
        u8[out + i] = targets[u8[tags!.data + (tags!.form === 'constant' ? 0 : i)]!]!;
      }
      const children = childTypes(to).map((type, i) => {
        if (i === 0) return Vector.flat(type, rows.count, out);
        const source = targets.indexOf(i - 1);
        if (source < 0) return buildConstant(ctx, type, null, rows.count);
        // What a member holds in rows of other members is NULL.
        const held = selectValid(ctx, validityOf(ctx, members[source]!, rows), rows);
        return castChild(ctx, casts[source]!, members[source]!, held, type, nulls !== 0);
      });
      return Vector.flat(to, rows.count, 0, nulls === 0 ? validity : nulls, children);
    },
  };
}

/**
 * A struct with a field for each member, as files hold unions: the one that is not NULL; NULL when all are. A first field
 * that is a number, as our Parquet files have it, says which member it is.
 */
export function castStructToUnion(from: Struct, to: Union): Cast | undefined {
  const hasTag = from.fields.length === to.members.length + 1 && sameType(from.fields[0]!.type, TAG);
  const fields = hasTag ? from.fields.slice(1) : from.fields;
  const isAlike =
    fields.length === to.members.length &&
    to.members.every((m, i) => sameName(m.name, fields[i]!.name) && sameType(m.type, fields[i]!.type));
  if (!isAlike) return undefined;
  return byValue(true, value => {
    const [tag, ...held] = hasTag ? (value as readonly RawValue[]) : [null, ...(value as readonly RawValue[])];
    const member = tag === null ? held.findIndex(f => f !== null) : (tag as number);
    if (member < 0) return null;
    if (member >= held.length || held.some((f, i) => i !== member && f !== null)) return undefined;
    return [member, held[member]!];
  });
}
