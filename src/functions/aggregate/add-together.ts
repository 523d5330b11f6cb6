import type { AggregateContext, UpdateCall } from '../function.ts';

/**
 * Adds the values of several sums to the states of each row in one go over the rows: the place of the states is read
 * once, and rows of the same group wait for each other once. Returns the calls for which there is no such kernel, or no
 * partner.
 */
export function addTogether(ctx: AggregateContext, calls: readonly UpdateCall[]): UpdateCall[] {
  const left = new Set(calls);
  const same = (a: UpdateCall, b: UpdateCall): boolean =>
    a.states === b.states && a.rows.selection === b.rows.selection && a.rows.selected === b.rows.selected;
  const takeAll = (kinds: readonly Kind[], add: Add): void => {
    const some = calls.filter(c => kinds.includes(kindOf(c)));
    for (const first of some) {
      if (!left.has(first)) continue;
      const partners = some.filter(c => left.has(c) && same(c, first));
      for (let rest = partners.length; rest > 1; ) {
        const taken = partners.slice(partners.length - rest, partners.length - rest + add.most(rest));
        add.run(ctx, taken);
        for (const call of taken) left.delete(call);
        rest -= taken.length;
      }
    }
  };
  takeAll(['wide'], addWide);
  takeAll(['narrow', 'double'], addNarrow);
  return [...left];
}

type Kind = 'wide' | 'narrow' | 'double' | 'other';

function kindOf({ args: [x], statesMask }: UpdateCall): Kind {
  if (x!.form !== 'flat' || statesMask === 0) return 'other';
  if (x!.physical === 'i64') return 'wide';
  if (x!.physical === 'i32') return 'narrow';
  return x!.physical === 'f64' ? 'double' : 'other';
}

/** How many of so many calls are taken at a time, at least two; and what does it. */
type Add = {
  readonly most: (calls: number) => number;
  readonly run: (ctx: AggregateContext, calls: readonly UpdateCall[]) => void;
};

const addWide: Add = {
  most: calls => (calls >= 4 ? 4 : 2),
  run({ kernels, arena, memory }, calls) {
    const { states, rows } = calls[0]!;
    const [a, b, c, d] = calls.map(call => call.args[0]!.data) as [number, number, number, number];
    const offsets = calls.map(call => call.offset);
    if (calls.length === 2) {
      kernels.agg_sum_pair_i64(a, b, states, offsets[0]!, offsets[1]!, rows.selection, rows.selected);
      return;
    }
    const at = arena.alloc(16);
    memory.u32.set(offsets, at >>> 2);
    kernels.agg_sums_i64(a, b, c, d, states, at, rows.selection, rows.selected);
  },
};

const addNarrow: Add = {
  most: calls => (calls === 4 ? 2 : Math.min(calls, 3)),
  run({ kernels }, calls) {
    const doubles = calls.filter(c => kindOf(c) === 'double');
    const ordered = [...calls.filter(c => kindOf(c) === 'narrow'), ...doubles];
    const { states, rows } = calls[0]!;
    const [a, b, c] = ordered.map(call => call.args[0]!.data) as [number, number, number];
    const [oa, ob, oc] = ordered.map(call => call.offset) as [number, number, number];
    if (calls.length === 2) {
      const add = [kernels.agg_sums_nn, kernels.agg_sums_nd, kernels.agg_sums_dd][doubles.length]!;
      add(a, b, states, oa, ob, rows.selection, rows.selected);
      return;
    }
    const all = [kernels.agg_sums_nnn, kernels.agg_sums_nnd, kernels.agg_sums_ndd, kernels.agg_sums_ddd];
    all[doubles.length]!(a, b, c, states, oa, ob, oc, rows.selection, rows.selected);
  },
};
