/** Node's files. Imported as a module, they would bring all of Node's streams with them: 3 ms of a program's start. */
export const {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
  writevSync,
}: typeof import('node:fs') = process.getBuiltinModule('node:fs');
