export * from './library.ts';
export { type BrowserConnectOptions, connect } from './session/connect-browser.ts';
