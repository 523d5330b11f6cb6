/** Relations of one join graph as bits of an integer; at most 31. */
export type RelationSet = number;

export const MAX_RELATIONS = 31;

export const only = (relation: number): RelationSet => 1 << relation;
export const includes = (set: RelationSet, part: RelationSet): boolean => (part & ~set) === 0;
export const lowestOf = (set: RelationSet): RelationSet => set & -set;
export const isSingle = (set: RelationSet): boolean => set !== 0 && (set & (set - 1)) === 0;
export const indexOf = (single: RelationSet): number => 31 - Math.clz32(single);

/** The relations of a set by number, ascending. */
export function membersOf(set: RelationSet): number[] {
  const members: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) members.push(indexOf(lowestOf(rest)));
  return members;
}
