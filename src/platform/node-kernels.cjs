'use strict';
// dist/kernels.cjs: the kernels for programs that require the package. A bundle lacks the file beside it, and has the text instead.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

function read() {
  try {
    return readFileSync(join(__dirname, 'kernels.wasm'));
  } catch {
    return import('./kernels.js').then(module => module.wasm);
  }
}

exports.wasm = read();
