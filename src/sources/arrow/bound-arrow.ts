import type { Json } from '../../common/json.ts';
import type { BoundSource, Split } from '../../plan/logical-plan.ts';
import type { Scalar } from '../../types/scalar.ts';

/** What a scan of Arrow files needs to know, as plain data. */
export type ArrowState = { readonly files: readonly ArrowFileState[] };

export type ArrowFileState = {
  readonly path: string;
  /** By the source's column: where it is in the file; -1: nowhere. */
  readonly places: readonly number[];
  /** Values that are the same for all rows, by the source's column. */
  readonly constants: Readonly<Record<number, Scalar>>;
};

/** A record batch of a file; all of them when `batch` is null. */
export type ArrowSplit = { readonly file: number; readonly batch: number | null };

// Both are JSON by construction, which the types of their optional parts can't show.
export const arrowState = (source: BoundSource): ArrowState => source.state as unknown as ArrowState;
export const arrowSplit = (split: Split): ArrowSplit => split.state as unknown as ArrowSplit;
export const toJson = (state: ArrowState | ArrowSplit): Json => state as unknown as Json;
