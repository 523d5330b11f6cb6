import { operatorOf } from '../operators/index.ts';
import type { Cut, CutWork } from './pipeline.ts';

/**
 * Parts a recursion's body into what every round would do alike, which is done once before, and the rest: the stored
 * side of a join that reads nothing of the recursion is the same in all rounds. What is read up by a source stays in
 * the rounds; a join's stored side and a shared subplan can be read any number of times.
 */
export function hoistInvariant(
  body: readonly CutWork[],
  recursion: number,
): { readonly before: readonly Cut[]; readonly rest: readonly CutWork[] } {
  const cuts = body.filter((c): c is Cut => !('kind' in c));
  const varying = varyingIds(body, recursion);
  let hoisted = new Set(cuts.filter(c => !varies(c, varying)));
  for (;;) {
    const kept = new Set([...hoisted].filter(c => isReadOften(c, body, hoisted)));
    if (kept.size === hoisted.size) break;
    hoisted = kept;
  }
  return { before: cuts.filter(c => hoisted.has(c)), rest: body.filter(c => 'kind' in c || !hoisted.has(c)) };
}

/** The structs whose contents depend on the round; a loop inside is run in every round. */
function varyingIds(body: readonly CutWork[], recursion: number): ReadonlySet<number> {
  const varying = new Set([recursion]);
  const note = (schedule: readonly CutWork[], inLoop: boolean): void => {
    for (const c of schedule) {
      if ('kind' in c) {
        varying.add(c.recursion);
        note(c.body, true);
      } else if (inLoop || varies(c, varying)) varying.add(c.tail.sink.id);
    }
  };
  // Once more while anything was added: a sink's first pipeline may come before the one that makes it vary.
  for (let before = -1; before !== varying.size; ) {
    before = varying.size;
    note(body, false);
  }
  return varying;
}

const varies = ({ source, tail }: Cut, varying: ReadonlySet<number>): boolean =>
  varying.has(tail.sink.id) || varying.has(source.id) || tail.transforms.some(t => varying.has(t.id));

/** Whether all that read what the pipeline makes are done once as well, or change nothing by reading. */
function isReadOften({ tail }: Cut, body: readonly CutWork[], hoisted: ReadonlySet<Cut>): boolean {
  const { id } = tail.sink;
  return body.every(c => {
    if ('kind' in c) return isReadOften({ source: tail.sink, tail }, c.body, hoisted);
    if (hoisted.has(c)) return true;
    if (c.source.id === id && c.source.node.kind !== 'materialized-scan') return false;
    return !c.tail.transforms.some(t => t.id === id && operatorOf(t.node).emitsAfterProbe?.(t.node) === true);
  });
}
