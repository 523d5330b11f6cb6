/** What some tasks of a stage sent can't be read, or is damaged: they must run again. */
export class LostBlocks extends Error {
  readonly stage: number;
  readonly senders: readonly number[];

  constructor(stage: number, senders: readonly number[]) {
    super(`what tasks ${senders.join(', ')} of stage ${stage} sent is lost`);
    this.stage = stage;
    this.senders = senders;
  }
}
