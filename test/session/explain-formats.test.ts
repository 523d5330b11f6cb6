import { afterAll, describe, expect, test } from 'vitest';
import { connect } from '../../frontends/index.ts';

const db = connect({ threads: 0 });
afterAll(() => db.close());

const QUERY = 'SELECT i % 2 AS g, count(*) AS n FROM range(10) t(i) GROUP BY g';

async function explained(options: string): Promise<{ readonly key: unknown; readonly text: string }> {
  const { raw } = await db.execute(`EXPLAIN (${options}) ${QUERY}`);
  return { key: raw.column(0)[0], text: String(raw.column(1)[0]) };
}

describe('formats of EXPLAIN', () => {
  test('JSON nests operators with what they do', async () => {
    const { key, text } = await explained('FORMAT json');
    expect(key).toBe('physical_plan');
    const [root] = JSON.parse(text);
    const names: string[] = [];
    for (let node = root; node !== undefined; node = node.children[0]) names.push(node.name);
    expect(names).toEqual(['hash-aggregate', 'scan']);
    expect(root.extra_info.aggregates).toBe('count(*)');
    expect(root.rows).toBeUndefined();
  });

  test('JSON of ANALYZE has rows and times', async () => {
    const { key, text } = await explained("ANALYZE, FORMAT 'JSON'");
    expect(key).toBe('analyzed_plan');
    const [root] = JSON.parse(text);
    expect(root.rows).toBe(2);
    expect(root.milliseconds).toBeGreaterThanOrEqual(0);
  });

  test('Mermaid draws arrows from inputs, and escapes what means something to it', async () => {
    const { text } = await explained('FORMAT mermaid');
    expect(text.split('\n')[0]).toBe('flowchart BT');
    expect(text).toContain('n2 --> n1');
    expect(text).toMatch(/n1\["hash-aggregate<br\/>keys: \(#35;0 #37; 2\)/);
  });

  test('STAGES is one too, and others are refused where they stand', async () => {
    expect((await explained('FORMAT stages')).text).toMatch(/^Query Stage #0/);
    await expect(explained('FORMAT xml')).rejects.toThrow(
      /one of the formats text, json, mermaid, html, stages, found 'xml'/,
    );
  });
});
