import { BOOLEAN, type DataType } from '../types/data-type.ts';
import type { BoundExpr, ColumnRef, LiteralExpr } from './expr.ts';
import type { Column } from './logical-plan.ts';

export const TRUE: LiteralExpr = { kind: 'literal', value: { type: BOOLEAN, value: true } };
export const FALSE: LiteralExpr = { kind: 'literal', value: { type: BOOLEAN, value: false } };

export const nullOf = (type: DataType): LiteralExpr => ({ kind: 'literal', value: { type, value: null } });

export const columnRef = (column: Column): ColumnRef => ({ kind: 'column', id: column.id, type: column.type });

export const isTrue = (e: BoundExpr): boolean => e.kind === 'literal' && e.value.value === true;
export const isFalse = (e: BoundExpr): boolean => e.kind === 'literal' && e.value.value === false;
export const isNull = (e: BoundExpr): boolean => e.kind === 'literal' && e.value.value === null;
