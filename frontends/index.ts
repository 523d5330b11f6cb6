export * from './library.ts';
export { connect } from './session/connect.ts';
