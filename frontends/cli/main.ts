#!/usr/bin/env node
import module from 'node:module';

// Node.js from 22.8 on keeps compiled code in a folder for temporary files, and starts in two thirds of the time next
// time: of what is loaded from here on.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
const { runCommand } = await import('./run-command.ts');
process.exitCode = await runCommand(process.argv.slice(2));
