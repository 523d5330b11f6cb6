import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { RayexecError } from '../../common/errors.ts';

/** Where a gateway listens, and what lets a client in. */
export type GatewayAddress = { readonly token: string } & (
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number }
);

/** Bytes of a version that a gateway must have to understand this client: see `rayexec_messages.py`. */
export const PROTOCOL = 3;

/**
 * Asks a gateway; the answer's bytes come as they do. Leaving the loop, or the signal, tells the gateway that nobody waits.
 * @param lastWords called when the gateway is gone: what it has written as it ended, if that is known
 * @throws RayexecError `io` when it can't be reached, refuses, or is gone before the end
 */
export async function* askGateway(
  { token, ...place }: GatewayAddress,
  frames: readonly Uint8Array[],
  signal: AbortSignal | undefined,
  lastWords: () => string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const options: RequestOptions = {
    ...place,
    path: '/query',
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${token}`, 'content-length': frames.reduce((sum, f) => sum + f.length, 0) },
    signal,
  };
  const asked = request(options);
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.on('error', reject);
  });
  for (const frame of frames) asked.write(frame);
  asked.end();
  try {
    const response = await answered;
    if (response.statusCode !== 200) throw await refusal(response);
    yield* response as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof RayexecError) throw cause;
    const why = lastWords() || (cause as Error).message;
    throw new RayexecError('io', `the gateway of the Ray cluster can't be reached: ${why}`, {
      hint: 'the next query starts another one',
      cause,
    });
  } finally {
    asked.destroy();
  }
}

async function refusal(response: IncomingMessage): Promise<RayexecError> {
  let text = '';
  for await (const chunk of response) text = (text + String(chunk)).slice(0, 1000);
  const hint = response.statusCode === 409 ? 'client and cluster need the same version of rayexec' : undefined;
  return new RayexecError('io', `the gateway of the Ray cluster refuses: ${text} (${response.statusCode})`, { hint });
}
