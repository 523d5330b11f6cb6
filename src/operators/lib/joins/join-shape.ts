import type { Span } from '../../../common/errors.ts';
import { type PhysicalExpr, typeOf } from '../../../plan/expr.ts';
import { inputIndexes } from '../../../plan/physical-expr.ts';
import { BOOLEAN, type DataType } from '../../../types/data-type.ts';
import type { JoinType } from '../../../types/join-type.ts';
import type { MadeFilter } from '../filters/filter-slot.ts';
import { isExactKey, keyArea, payloadArea, type RowArea, type RowField } from '../rows/row-layout.ts';

/**
 * A join by equal keys: input 1 is stored in a hash table, input 0 streams past it.
 * Output: probe columns, then build columns (see `joinOutput`), or those of them that `output` names.
 */
export type HashJoinNode = {
  readonly kind: 'hash-join';
  readonly joinType: JoinType;
  /** Over input 0; each of the same type as its build key. */
  readonly probeKeys: readonly PhysicalExpr[];
  /** Over input 1. */
  readonly buildKeys: readonly PhysicalExpr[];
  /** By key: NULL equals NULL (IS NOT DISTINCT FROM). */
  readonly nullsEqual: readonly boolean[];
  /** What else must be true of a pair: over the probe columns, then the build columns. */
  readonly residual?: PhysicalExpr | undefined;
  readonly probeTypes: readonly DataType[];
  readonly buildTypes: readonly DataType[];
  /** For semi and anti: input 1 holds the rows to keep, and they are what is handed on, after the probe. */
  readonly buildSideKept?: boolean | undefined;
  readonly output?: readonly number[] | undefined;
  /** Filters of build keys (`filterableKey`), for the scans that rows of input 0 come from. */
  readonly filters?: readonly MadeFilter[] | undefined;
  /** For `single`: where the subquery is written. */
  readonly span?: Span | undefined;
};

/** Where the key is in build rows, after next row and matched flag. See kernels/assembly/joins.ts. */
const KEY_OFFSET = 8;
export const MATCHED_OFFSET = 4;

/** What all roles of a join derive from its node. */
export type JoinShape = {
  /** Key of a build row; and the same fields in a packed probe key {hash, key}. */
  readonly buildKey: RowArea;
  readonly probeKey: RowArea;
  readonly payload: RowArea;
  readonly rowBytes: number;
  /** Build columns that are stored as payload, in the payload's order. */
  readonly stored: readonly number[];
  /** By build column: where it is, if it is needed. */
  readonly fields: ReadonlyMap<number, RowField>;
  /** Positions handed on; build columns count from `probeTypes.length` on. */
  readonly output: readonly number[];
  /** Build columns that must be there to decide about a pair or to hand it on. */
  readonly pairColumns: ReadonlySet<number>;
  readonly keyTypes: readonly DataType[];
};

export function joinShape(node: HashJoinNode): JoinShape {
  const keyTypes = node.buildKeys.map(typeOf);
  const buildKey = keyArea(keyTypes, KEY_OFFSET);
  const probeKey = keyArea(keyTypes, 8);
  const width = node.probeTypes.length;
  const output = joinOutput(node);
  const emitsBuild = node.joinType !== 'mark' && (node.buildSideKept === true || !keepsProbeOnly(node.joinType));
  const residual = node.residual === undefined ? [] : [...inputIndexes([node.residual])];
  const base = node.buildSideKept === true ? 0 : width;
  const emitted = emitsBuild ? output.filter(i => i >= base).map(i => i - base) : [];
  const needed = new Set([...emitted, ...residual.filter(i => i >= width).map(i => i - width)]);
  const fields = new Map<number, RowField>();
  node.buildKeys.forEach((key, i) => {
    if (key.kind === 'input' && needed.has(key.index) && isExactKey(key.type))
      fields.set(key.index, buildKey.fields[i]!);
  });
  const stored = [...needed].filter(c => !fields.has(c)).sort((a, b) => a - b);
  const payload = payloadArea(
    stored.map(c => node.buildTypes[c]!),
    KEY_OFFSET + buildKey.bytes,
  );
  for (const [i, c] of stored.entries()) fields.set(c, payload.fields[i]!);
  return {
    buildKey,
    probeKey,
    payload,
    rowBytes: KEY_OFFSET + buildKey.bytes + payload.bytes,
    stored,
    fields,
    output,
    pairColumns: needed,
    keyTypes,
  };
}

const keepsProbeOnly = (type: JoinType): boolean => type === 'semi' || type === 'anti' || type === 'mark';

/** Whether the join keeps build rows to hand on when the probe has ended. */
export function emitsBuildRows(node: Pick<HashJoinNode, 'joinType' | 'buildSideKept'>): boolean {
  return node.joinType === 'right' || node.joinType === 'full' || node.buildSideKept === true;
}

/** Types of all columns that a join can hand on, by position: what `output` chooses from. */
function joinTypes(
  node: Pick<HashJoinNode, 'joinType' | 'probeTypes' | 'buildTypes' | 'buildSideKept'>,
): readonly DataType[] {
  if (node.buildSideKept === true) return node.buildTypes;
  if (node.joinType === 'mark') return [...node.probeTypes, BOOLEAN];
  return keepsProbeOnly(node.joinType) ? node.probeTypes : [...node.probeTypes, ...node.buildTypes];
}

/** The positions handed on. */
function joinOutput(node: HashJoinNode): readonly number[] {
  return node.output ?? joinTypes(node).map((_, i) => i);
}
