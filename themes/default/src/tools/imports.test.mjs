// What imports.mjs finds in a small folder of mistakes.

import assert from 'node:assert/strict';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {test} from 'node:test';

import {check} from './imports.mjs';

async function found(t, files) {
  const folder = await mkdtemp(join(tmpdir(), 'imports-'));
  t.after(() => rm(folder, {recursive: true}));
  const options = {target: 'es2022', module: 'esnext', moduleResolution: 'bundler', types: [], strict: true};
  for (const [file, text] of Object.entries({...files, 'tsconfig.json': JSON.stringify({compilerOptions: options})})) {
    await mkdir(dirname(join(folder, file)), {recursive: true});
    await writeFile(join(folder, file), text);
  }
  return check(folder);
}

test('planted mistakes', async t => {
  assert.deepEqual((await found(t, {
    'pages/good.ts': "import {good} from '../verifier/good';\ngood();\nvoid import('./loaded');\n",
    'pages/loaded.ts': 'export const loaded = 1;\n',
    'verifier/good.ts': 'export function good(): void {}\n',
    'verifier/a.ts': "import {b} from './b';\nexport const a = (): number => b();\n",
    'verifier/b.ts': "import {c} from './c';\nexport const b = (): number => c();\n",
    'verifier/c.ts': "import {a} from './a';\nexport const c = (): number => a();\n",
    'pages/d.ts': "import type {E} from './e';\nexport type D = E[];\n",
    'pages/e.ts': "import type {D} from './d';\nexport interface E {d: D}\n",
    'verifier/f.ts': "import {g} from '../pages/g';\ng();\n",
    'pages/g.ts': 'export function g(): void {}\n',
    'pages/h.ts': 'export const h = 1;\n',
  })).sort(), [
    'import circle: pages/d.ts -> pages/e.ts -> pages/d.ts',
    'import circle: verifier/a.ts -> verifier/b.ts -> verifier/c.ts -> verifier/a.ts',
    'pages/h.ts exports h, which nobody imports',
    'verifier/f.ts imports pages/g.ts: verifier/ imports nothing of other folders',
  ]);
});

test('a mistake of types', async t => {
  await assert.rejects(found(t, {'a.ts': "export const a: number = 'one';\n"}), /a\.ts.*TS2322/);
});
