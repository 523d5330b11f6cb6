import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../../frontends/session/connect.ts';
import { narrowPipeline } from '../../src/execute/narrow-pipeline.ts';
import type { Pipeline, PlacedNode } from '../../src/execute/pipeline.ts';
import type { SharedState } from '../../src/execute/query-memory.ts';
import type { PhysicalNode } from '../../src/operators/index.ts';
import type { Extent, Operator } from '../../src/protocol/operator.ts';
import { testContext } from '../support/engine.ts';

// Nodes of the first tests carry their operators.
vi.mock('../../src/operators/index.ts', async original => {
  const module = await original<typeof import('../../src/operators/index.ts')>();
  return {
    ...module,
    operatorOf: (node: { readonly operator?: unknown }) => node.operator ?? module.operatorOf(node as PhysicalNode),
  };
});

/** Clones of a pipeline of three, by what its operators say. */
function clones(extent: Extent | undefined, { isHeavy = false, needsAllClones = false } = {}): number {
  const place = (id: number, operator: Partial<Operator<unknown>>): PlacedNode => ({
    id,
    node: { kind: 'fake', operator } as unknown as PhysicalNode,
  });
  const source = { open: () => 0, pull: () => ({ status: 'exhausted' as const }) };
  const pipeline: Pipeline = {
    id: 0,
    source: place(0, { source: extent === undefined ? source : { ...source, extent: () => extent } }),
    transforms: [place(1, { transform: { open: () => 0, push: () => ({ status: 'need-more' }), isHeavy } })],
    sink: place(2, { sink: { open: () => 0, push: () => ({ status: 'need-more' }), needsAllClones } }),
    partitions: 3,
    firstClone: 0,
    sinkClones: 3,
    lastOfSink: true,
    lastOfTransform: [true],
  };
  return narrowPipeline(pipeline, testContext().memory, { structs: {} } as SharedState).partitions;
}

test('a source with work for one clone is read by one', () => {
  expect(clones('single')).toBe(1);
  expect(clones('little')).toBe(1);
  expect(clones('much')).toBe(3);
  expect(clones(undefined)).toBe(3);
});

test('few rows are shared out before an operator that does much with each', () => {
  expect(clones('single', { isHeavy: true })).toBe(1);
  expect(clones('little', { isHeavy: true })).toBe(3);
});

test('a sink of which all clones are awaited has all', () => {
  expect(clones('single', { needsAllClones: true })).toBe(3);
});

describe.each([
  { partitions: 4, threads: 0 },
  { partitions: 1, threads: 3 },
])('groups of $partitions partitions on $threads threads', ({ partitions, threads }) => {
  const db = connect({ threads });
  beforeAll(async () => {
    await db.execute(`SET partitions = ${partitions}`);
    await db.execute('SET inline_rows = 0');
  });
  afterAll(() => db.close());

  /** The clones of the filter over so many groups, and the groups that it keeps. */
  async function filtered(groups: number): Promise<{ clones: number; rows: number }> {
    const sql = `SELECT i % ${groups} AS k, count(*) FROM range(300000) t(i) GROUP BY k HAVING count(*) > 1 ORDER BY k`;
    const text = (await db.execute(`EXPLAIN ANALYZE ${sql}`)).rows().flat().join('\n');
    const filter = text.split('\n').find(line => line.trim().startsWith('filter'))!;
    return { clones: Math.max(1, filter.match(/#\d+: /g)?.length ?? 0), rows: (await db.execute(sql)).rows().length };
  }

  test('few are handed on by one clone', async () => {
    expect(await filtered(100)).toEqual({ clones: 1, rows: 100 });
  });

  test('many are handed on by all', async () => {
    expect(await filtered(30_000)).toEqual({ clones: Math.max(partitions, threads), rows: 30_000 });
  });
});
