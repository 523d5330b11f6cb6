import { invariant } from '../common/errors.ts';
import { type DataType, sameType } from '../types/data-type.ts';
import { typeName } from '../types/type-name.ts';
import { collectColumns, exprInputs, exprsOf, idsOf, outputOf } from './columns.ts';
import { type BoundExpr, type ColumnId, typeOf } from './expr.ts';
import type { Column, LogicalPlan, SharedId } from './logical-plan.ts';
import { inputsOf } from './rewrite.ts';

/**
 * Verifies that a plan is sound: every column that a node uses is one that its inputs hand up, with the same type; no
 * two nodes make the same id; inputs of set operations agree; shared subplans are defined above where they are read.
 * @throws RayexecError `internal` that says what is wrong and where
 */
export function checkPlan(plan: LogicalPlan): void {
  visit(plan, new Map(), new Map());
}

type Shared = ReadonlyMap<SharedId, readonly Column[]>;
/** Which node made an id: its inputs may hand it on, nobody else may make it again. */
type Makers = Map<ColumnId, LogicalPlan>;

function visit(plan: LogicalPlan, shared: Shared, makers: Makers): void {
  if (plan.kind === 'shared') {
    visit(plan.definition, shared, makers);
    visit(plan.input, new Map(shared).set(plan.id, outputOf(plan.definition)), makers);
    return;
  }
  const inputs = inputsOf(plan);
  if (plan.kind === 'recursive') {
    visit(plan.anchor, shared, makers);
    visit(plan.step, new Map(shared).set(plan.id, plan.columns), makers);
  } else for (const input of inputs) visit(input, shared, makers);
  const handedUp = inputs.flatMap(outputOf);
  const exprs = exprsOf(plan);
  if (exprs.length > 0) {
    const visible = new Map((plan.kind === 'scan' ? outputOf(plan) : handedUp).map(c => [c.id, c]));
    for (const expr of exprs) checkExpr(expr, visible, plan);
  }
  checkMakers(plan, inputs, makers);
  checkNode(plan, shared);
}

function checkMakers(plan: LogicalPlan, inputs: readonly LogicalPlan[], makers: Makers): void {
  const output = outputOf(plan);
  // Filters and their like hand on just what they get, which has been looked at.
  if (inputs.some(input => outputOf(input) === output)) return;
  const below = inputs.length === 1 ? idsOf(inputs[0]!) : new Set(inputs.flatMap(input => [...idsOf(input)]));
  const seen = new Set<ColumnId>();
  for (const column of output) {
    invariant(!seen.has(column.id), () => `${plan.kind} hands up ${show(column)} twice`);
    seen.add(column.id);
    if (below.has(column.id)) continue;
    invariant(
      !makers.has(column.id),
      () => `${plan.kind} makes ${show(column)}, which ${makers.get(column.id)?.kind} made already`,
    );
    makers.set(column.id, plan);
  }
}

const show = (c: Column): string => `${c.name}#${c.id}`;

function checkExpr(expr: BoundExpr, visible: ReadonlyMap<ColumnId, Column>, plan: LogicalPlan): void {
  if (expr.kind === 'column') {
    const column = visible.get(expr.id);
    invariant(
      column !== undefined,
      () =>
        `${plan.kind} reads column #${expr.id}, which its inputs do not hand up (they have ${[...visible.values()].map(show).join(', ')})`,
    );
    invariant(
      sameType(column.type, expr.type),
      () => `${plan.kind} reads ${show(column)} as ${typeName(expr.type)}; it is ${typeName(column.type)}`,
    );
    return;
  }
  for (const input of exprInputs(expr)) checkExpr(input, visible, plan);
  checkTypes(expr, plan);
}

function checkTypes(expr: BoundExpr, plan: LogicalPlan): void {
  const expectType = (e: BoundExpr, type: DataType, what: string) =>
    invariant(
      sameType(typeOf(e), type),
      () => `${plan.kind}: ${what} is ${typeName(typeOf(e))}, not ${typeName(type)}`,
    );
  switch (expr.kind) {
    case 'and':
    case 'or':
      for (const arg of expr.args) expectType(arg, { kind: 'boolean' }, `an argument of ${expr.kind}`);
      return;
    case 'case':
      for (const { when, result } of expr.branches) {
        expectType(when, { kind: 'boolean' }, 'a condition of case');
        expectType(result, expr.type, 'a result of case');
      }
      expectType(expr.otherwise, expr.type, 'the last result of case');
      return;
    case 'coalesce':
      for (const arg of expr.args) expectType(arg, expr.type, 'an argument of coalesce');
      return;
    case 'in':
      for (const item of expr.items) expectType(expr.input, item.type, 'the input of in');
      return;
    default:
      return;
  }
}

function checkNode(plan: LogicalPlan, shared: Shared): void {
  switch (plan.kind) {
    case 'filter':
      invariant(typeOf(plan.predicate).kind === 'boolean', `filter by ${typeName(typeOf(plan.predicate))}`);
      return;
    case 'project':
      for (const { column, expr } of plan.columns) checkColumn(column, typeOf(expr), 'project');
      return;
    case 'aggregate':
      for (const { column, expr } of plan.keys) checkColumn(column, typeOf(expr), 'aggregate');
      for (const { column, aggregate } of plan.aggregates) checkColumn(column, aggregate.type, 'aggregate');
      for (const set of plan.groupingSets ?? [])
        invariant(
          set.every(i => i < plan.keys.length),
          'a grouping set names a key that is not there',
        );
      return;
    case 'window':
      for (const { column, call } of plan.functions) checkColumn(column, call.type, 'window');
      invariant(plan.functions.length > 0, 'a window node without functions');
      return;
    case 'join':
      invariant(
        plan.condition === undefined || typeOf(plan.condition).kind === 'boolean',
        'join on something that is no condition',
      );
      invariant((plan.type === 'mark') === (plan.mark !== undefined), 'mark joins, and only these, have a mark column');
      return;
    case 'asof-join':
      for (const { left, right } of [...plan.keys, plan.match]) {
        invariant(
          sameType(typeOf(left), typeOf(right)),
          () => `asof-join: ${typeName(typeOf(left))} is compared with ${typeName(typeOf(right))}`,
        );
        checkSide(left, plan.left);
        checkSide(right, plan.right);
      }
      return;
    case 'unnest':
      for (const { column, expr } of plan.lists) {
        const type = typeOf(expr);
        invariant(type.kind === 'list' || type.kind === 'array', () => `unnest of ${typeName(type)}`);
        checkColumn(column, type.element, 'unnest');
      }
      return;
    case 'values':
      for (const row of plan.rows) {
        invariant(
          row.length === plan.columns.length,
          () => `values: a row of ${row.length} for ${plan.columns.length} columns`,
        );
        for (const [i, e] of row.entries()) checkColumn(plan.columns[i]!, typeOf(e), 'values');
      }
      return;
    case 'recursive':
    case 'set-op': {
      const name = plan.kind === 'set-op' ? plan.op : plan.kind;
      for (const input of inputsOf(plan)) {
        const columns = outputOf(input);
        invariant(
          columns.length === plan.columns.length,
          () => `${name}: an input has ${columns.length} columns, the output ${plan.columns.length}`,
        );
        for (const [i, c] of columns.entries()) checkColumn(plan.columns[i]!, c.type, name);
      }
      return;
    }
    case 'shared-ref': {
      const definition = shared.get(plan.id);
      invariant(definition !== undefined, () => `shared-ref reads #${plan.id}, which is not defined above it`);
      invariant(plan.source.length === plan.columns.length, 'shared-ref: columns and source differ in length');
      for (const [i, id] of plan.source.entries()) {
        const source = definition.find(c => c.id === id);
        invariant(source !== undefined, () => `shared-ref reads column #${id}, which the definition does not hand up`);
        checkColumn(plan.columns[i]!, source.type, 'shared-ref');
      }
      return;
    }
    default:
      return;
  }
}

function checkSide(expr: BoundExpr, side: LogicalPlan): void {
  const ids = idsOf(side);
  for (const id of collectColumns(expr))
    invariant(ids.has(id), () => `asof-join: a key reads #${id} of the other side`);
}

function checkColumn(column: Column, type: Column['type'], where: string): void {
  invariant(
    sameType(column.type, type),
    () => `${where}: column ${show(column)} is ${typeName(column.type)}, its value ${typeName(type)}`,
  );
}
