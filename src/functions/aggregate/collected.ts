import { allRows, type Rows } from '../../batch/batch.ts';
import { Vector } from '../../batch/vector.ts';
import { valueKind } from '../../kernels/value-kind.ts';
import { bitmapBytes, flatten, gather, selectValid, validityOf } from '../../kernels/vectors.ts';
import type { Arena } from '../../memory/arena.ts';
import { BINARY, type DataType, list } from '../../types/data-type.ts';
import { physicalType, widthOf } from '../../types/physical.ts';
import type { AggregateContext, AggregateOverload, PartialState, ResultCall, UpdateCall } from '../function.ts';
import { maskOf } from '../operand.ts';
import { storedType } from './nested-value.ts';
import { allValid } from './state-values.ts';

/** Bytes of a state that collects its rows' values: see the kernels in assembly/collect.ts. */
export const COLLECTOR_BYTES = 24;

/** Where a collector's state holds its parameter, in u32s. */
const PARAMETER_AT = 4;

/** Appends rows to their states. @param parameter an address in the heap that states hold from their first row on */
export function collectRows(ctx: AggregateContext, call: UpdateCall, values: Vector, parameter = 0): void {
  const { kernels, heap, memory } = ctx;
  const { states, statesMask, offset, rows } = call;
  if (rows.selected === 0) return;
  const space = spaceIn(ctx);
  if (values.physical === 'ref') memory.u32[(space >>> 2) + 2] = heap.alloc(validBytes(ctx, values, call));
  const kind = valueKind(values.physical);
  const operand = [values.data, maskOf(values), values.validity] as const;
  const to = [states, statesMask, offset, rows.selection] as const;
  for (let from = 0; ; addSpace(ctx, space)) {
    from = kernels.collect_rows(kind, parameter, ...operand, ...to, from, rows.selected, space);
    if (from === rows.selected) return;
  }
}

/** Chunks are laid out in pieces of so many bytes. */
const SPACE_BYTES = 16 * 1024;

/** What is left of a heap's last piece, for `collect_rows`; that of an earlier epoch of the heap is gone. */
const spaces = new WeakMap<Arena, { readonly epoch: number; readonly address: number }>();

function spaceIn(ctx: AggregateContext): number {
  const { heap } = ctx;
  const known = spaces.get(heap);
  if (known?.epoch === heap.epoch) return known.address;
  const address = heap.allocZeroed(12);
  spaces.set(heap, { epoch: heap.epoch, address });
  return address;
}

function addSpace({ heap, memory }: AggregateContext, space: number): void {
  const from = heap.alloc(SPACE_BYTES);
  memory.u32.set([from, from + SPACE_BYTES], space >>> 2);
}

function validBytes({ kernels, memory }: AggregateContext, values: Vector, { rows }: UpdateCall): number {
  const { selection, selected } = rows;
  if (values.validity === 0) return kernels.total_bytes(values.data, maskOf(values), selection, selected) >>> 0;
  let total = 0;
  for (let j = 0; j < selected; j++) {
    const i = selection === 0 ? j : memory.u16[(selection >>> 1) + j]!;
    if (!values.isNull(memory, i))
      total += memory.u32[(values.data >>> 2) + (values.form === 'constant' ? 1 : 2 * i + 1)]!;
  }
  return total;
}

/** Joins the collected chains. */
export const mergeCollected: AggregateOverload['merge'] = ({ kernels }, { targets, sources, count, offset }) => {
  kernels.merge_collected(targets, sources, count, offset);
};

/** States that collect their rows as {their values, the parameter}. */
export const partialCollected: PartialState = {
  types: ([type]) => [list(storedType(type!)), BINARY],
  columns: (ctx, call) => {
    const stored = storedType(call.argTypes[0]!);
    const { values, lists } = collected(ctx, call, stored);
    const validity = collectedValidity(ctx, lists, call.count);
    return [Vector.flat(list(stored), call.count, lists, validity, [values]), parametersOf(ctx, call)];
  },
  fold: (ctx, call) => {
    const [lists, parameters] = call.args;
    const rows = selectValid(ctx, validityOf(ctx, lists!, call.rows), call.rows);
    if (rows.selected === 0) return;
    const parameter = firstParameter(ctx, parameters!, rows);
    const values = flatten(ctx, lists!.children[0]!, allRows(lists!.children[0]!.length));
    for (const { elements, states, count } of elementsOf(ctx, lists!, { ...call, rows })) {
      const args = [gather(ctx, values, elements, count)];
      collectRows(ctx, { ...call, args, rows: allRows(count), states, statesMask: -1 }, args[0]!, parameter);
    }
  },
};

/** Elements of lists that are collected at a time. */
const CHUNK = 4096;

/** The lists' elements, in chunks: u32 indexes of the elements and of the rows with their lists, and these rows' states. */
export function* elementsOf(
  { memory, arena }: AggregateContext,
  lists: Vector,
  { rows, states, statesMask }: UpdateCall,
): Generator<Record<'elements' | 'rows' | 'states' | 'count', number>> {
  const chunk = { elements: arena.alloc(CHUNK * 4), rows: arena.alloc(CHUNK * 4), states: arena.alloc(CHUNK * 4) };
  let count = 0;
  for (let j = 0; j < rows.selected; j++) {
    const i = rows.selection === 0 ? j : memory.u16[(rows.selection >>> 1) + j]!;
    const pair = (lists.data >>> 2) + 2 * (i & maskOf(lists));
    const state = memory.u32[(states >>> 2) + (i & statesMask)]!;
    const from = memory.u32[pair]!;
    const end = from + memory.u32[pair + 1]!;
    for (let element = from; element < end; element++) {
      memory.u32[(chunk.elements >>> 2) + count] = element;
      memory.u32[(chunk.rows >>> 2) + count] = i;
      memory.u32[(chunk.states >>> 2) + count] = state;
      if (++count < CHUNK) continue;
      yield { ...chunk, count };
      count = 0;
    }
  }
  if (count > 0) yield { ...chunk, count };
}

/** The parameter of each state; NULL for those without rows or parameter. */
function parametersOf({ memory, arena }: AggregateContext, { states, offset, count }: ResultCall): Vector {
  const refs = arena.alloc(count * 8);
  const validity = arena.allocZeroed(bitmapBytes(count));
  const { u32, u8 } = memory;
  for (let k = 0; k < count; k++) {
    const parameter = u32[((u32[(states >>> 2) + k]! + offset) >>> 2) + PARAMETER_AT]!;
    if (parameter === 0) continue;
    u32[(refs >>> 2) + 2 * k] = parameter + 8;
    u32[(refs >>> 2) + 2 * k + 1] = u32[parameter >>> 2]!;
    u8[validity + (k >> 3)]! |= 1 << (k & 7);
  }
  return Vector.flat(BINARY, count, refs, validity);
}

/** Copies the parameter of the first row that has one to the heap; 0 when none has. It is the same in all. */
function firstParameter(ctx: AggregateContext, parameters: Vector, rows: Rows): number {
  const { memory } = ctx;
  const valid = selectValid(ctx, validityOf(ctx, parameters, rows), rows);
  if (valid.selected === 0) return 0;
  const i = valid.selection === 0 ? 0 : memory.u16[valid.selection >>> 1]!;
  const ref = (parameters.data >>> 2) + 2 * (i & maskOf(parameters));
  const [address, length] = memory.u32.subarray(ref, ref + 2);
  return parameterInHeap(ctx, memory.u8.slice(address, address! + length!));
}

/** All states' values one after another. */
export type Collected = {
  readonly values: Vector;
  /** Address of {offset u32, length u32} for each state. */
  readonly lists: number;
  /** The parameter of the first state that has one; 0 when none has rows. */
  readonly parameter: number;
};

/** Reads what states of a type collected. */
export function collected(ctx: AggregateContext, { states, offset, count }: ResultCall, type: DataType): Collected {
  const { kernels, arena, memory } = ctx;
  const total = Number(kernels.collected_total(states, offset, count));
  const data = arena.alloc(total * widthOf(physicalType(type)));
  const lists = arena.alloc(count * 8);
  const validity = allValid(ctx, total);
  const kind = valueKind(physicalType(type));
  const nulls = kernels.collected_values(kind, states, offset, count, lists, data, validity);
  let parameter = 0;
  for (let k = 0; k < count && parameter === 0; k++) {
    parameter = memory.u32[((memory.u32[(states >>> 2) + k]! + offset) >>> 2) + PARAMETER_AT]!;
  }
  return { values: Vector.flat(type, total, data, nulls === 0 ? 0 : validity), lists, parameter };
}

/** The part of each state, as [offset, length] in the collected values. */
export function listRanges(
  { memory }: AggregateContext,
  lists: number,
  count: number,
): readonly (readonly [number, number])[] {
  const u32 = memory.u32.subarray(lists >>> 2, (lists >>> 2) + 2 * count);
  return Array.from({ length: count }, (_, k) => [u32[2 * k]!, u32[2 * k + 1]!] as const);
}

/** The bitmap of states that collected something. */
export function collectedValidity(ctx: AggregateContext, lists: number, count: number): number {
  const validity = allValid(ctx, count);
  const { u8, u32 } = ctx.memory;
  for (let k = 0; k < count; k++) {
    if (u32[(lists >>> 2) + 2 * k + 1] === 0) u8[validity + (k >> 3)]! &= ~(1 << (k & 7));
  }
  return validity;
}

/** Parameters that were copied to a heap, so that each is copied once; those of an earlier epoch of the heap are gone. */
const parameters = new WeakMap<Arena, { readonly epoch: number; readonly addresses: Map<string, number> }>();

/** The address in the heap of {length u32, bytes}, written once for each heap. */
export function parameterInHeap({ heap, memory }: AggregateContext, bytes: Uint8Array): number {
  let known = parameters.get(heap);
  if (known?.epoch !== heap.epoch) {
    known = { epoch: heap.epoch, addresses: new Map() };
    parameters.set(heap, known);
  }
  const key = bytes.join();
  let address = known.addresses.get(key);
  if (address === undefined) {
    address = heap.alloc(bytes.length + 8);
    memory.u32[address >>> 2] = bytes.length;
    memory.u8.set(bytes, address + 8);
    known.addresses.set(key, address);
  }
  return address;
}

/** The bytes that `parameterInHeap` wrote. */
export function readParameter({ memory }: AggregateContext, address: number): Uint8Array {
  return memory.u8.slice(address + 8, address + 8 + memory.u32[address >>> 2]!);
}
