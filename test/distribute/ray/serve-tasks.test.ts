import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { decodeJson, encodeJson, readFrames } from '../../../src/distribute/ray/frames.ts';
import { serveTasks } from '../../../src/distribute/ray/serve-tasks.ts';
import type { Machine } from '../../../src/execute/runtime.ts';
import { userKey } from '../../../src/functions/user/user-function.ts';
import { INT32 } from '../../../src/types/data-type.ts';
import { testContext } from '../../support/engine.ts';

test('a plan that names code to load is refused, and the code is not loaded', async () => {
  const type = { type: INT32, nullable: false };
  const code = { kind: 'module', url: 'data:text/javascript,globalThis.wasLoaded=1', export: 'default' } as const;
  const overload = userKey({
    name: 'evil',
    args: [type],
    returns: type,
    vectorized: false,
    volatile: false,
    int64: 'number',
    code,
  });
  const plan = { nodes: [{ kind: 'project', exprs: [{ kind: 'call', overload, args: [] }] }] };
  const order = { stage: { stage: { id: 1, plan } }, files: {} };
  const task = { task: 0, attempt: 0, output: null };
  const input = new PassThrough();
  const output = new PassThrough();
  for (const bytes of [...encodeJson('run', order), ...encodeJson('task', task)]) input.write(bytes);
  input.end();
  await serveTasks(testContext() as unknown as Machine, readFrames(input), output, '/nowhere');
  output.end();
  const frames = [];
  for await (const frame of readFrames(output)) frames.push({ kind: frame.kind, error: decodeJson(frame) });
  expect(frames).toEqual([{ kind: 'error', error: expect.objectContaining({ code: 'unsupported' }) }]);
  expect(globalThis).not.toHaveProperty('wasLoaded');
});
