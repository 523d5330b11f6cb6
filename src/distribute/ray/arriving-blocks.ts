import { RayexecError, type SerializedError } from '../../common/errors.ts';
import type { Block, ReceiveRequest } from '../../protocol/exchange-port.ts';
import { type BlockSource, sendersOf } from '../transport.ts';
import { decodeJson, type Frame } from './frames.ts';
import type { Told } from './task-reports.ts';

type Arrived = { readonly blocks: Uint8Array[]; isComplete: boolean };

/** What the last stage reads, of a gateway's answer; frames are taken when somebody waits for them. */
export class ArrivingBlocks implements BlockSource {
  readonly #frames: AsyncIterator<Frame, void, undefined>;
  readonly #arrived = new Map<string, Arrived>();
  readonly #isReadOnce: (stage: number) => boolean;
  readonly #onProgress: ((part: number) => void) | undefined;
  #advancing: Promise<void> | undefined;
  #told: Told | undefined;

  /** @param isReadOnce whether a stage's blocks may go when they have been read */
  constructor(
    frames: AsyncIterable<Frame>,
    isReadOnce: (stage: number) => boolean,
    onProgress?: (part: number) => void,
  ) {
    this.#frames = frames[Symbol.asyncIterator]();
    this.#isReadOnce = isReadOnce;
    this.#onProgress = onProgress;
  }

  async *read(request: ReceiveRequest, task: number): AsyncGenerator<Block, void, undefined> {
    const { stage } = request;
    for (const sender of sendersOf(request, task).senders) {
      const { blocks } = this.#of(stage, sender);
      for (let i = 0; ; ) {
        const bytes = this.#isReadOnce(stage) ? blocks.shift() : blocks[i++];
        if (bytes !== undefined) yield { sender, bytes };
        else if (this.#of(stage, sender).isComplete) break;
        else {
          await this.#advance();
          if (!this.#isReadOnce(stage)) i--;
        }
      }
    }
  }

  /** Reads to the end. @returns what the tasks told */
  async finish(): Promise<Told> {
    while (this.#told === undefined) await this.#advance();
    return this.#told;
  }

  /** Nobody reads any more. */
  close(): void {
    this.#frames.return?.().catch(() => undefined);
  }

  #of(stage: number, sender: number): Arrived {
    const key = `${stage}.${sender}`;
    const known = this.#arrived.get(key);
    if (known !== undefined) return known;
    const arrived: Arrived = { blocks: [], isComplete: false };
    this.#arrived.set(key, arrived);
    return arrived;
  }

  /** Takes the next frame; several who wait, wait for the same. */
  #advance(): Promise<void> {
    this.#advancing ??= this.#take().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  async #take(): Promise<void> {
    const { done, value: frame } = await this.#frames.next();
    if (done === true) throw new RayexecError('io', 'the gateway of the Ray cluster ended its answer too early');
    const [stage, sender] = frame.numbers;
    switch (frame.kind) {
      case 'block':
        if (!frame.isIntact) throw new RayexecError('io', 'rows from the Ray cluster were damaged on their way');
        // The frame's bytes are a part of what came at once.
        this.#of(stage, sender).blocks.push(frame.bytes.slice());
        return;
      case 'end':
        this.#of(stage, sender).isComplete = true;
        return;
      case 'progress':
        this.#onProgress?.(stage / Math.max(1, sender));
        return;
      case 'done':
        this.#told = decodeJson(frame) as Told;
        return;
      case 'error':
        throw RayexecError.fromJSON(decodeJson(frame) as SerializedError);
      default:
        throw new RayexecError('internal', `the gateway sent a frame of kind ${frame.kind}`);
    }
  }
}
