/** For tests of code that makes frames: exact equality with readable differences, and tables as text. */
export { assertFramesEqual, type FrameEquality } from './assert-frames-equal.ts';
export { FrameMismatch } from './frame-mismatch.ts';
export { Table, table } from './table.ts';
