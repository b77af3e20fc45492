// What patch.mjs applies, and what it is for.

import assert from 'node:assert/strict';
import {test} from 'node:test';
import {build} from 'esbuild';

import {options, src} from './build.mjs';
import {apply} from './patch.mjs';

test('hunks', () => {
  const diff = '--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+and\n@@ -4,2 +5,1 @@\n-four\n five\n';
  assert.equal(apply('one\ntwo\nthree\nfour\nfive\n', diff), 'one\n2\nand\nthree\nfive\n');
  assert.throws(() => apply('one\n2\nthree\nfour\nfive\n', diff), /does not fit at line 1/);
  assert.throws(() => apply('zero\none\ntwo\nthree\nfour\nfive\n', diff), /does not fit/);
  assert.equal(apply('one\n', ''), 'one\n');
});

test('a small number stays a double', async () => {
  const contents = `import jsonld from 'jsonld';
    export const quads = n => jsonld.toRDF({'@id': 'https://example.org/x', 'https://example.org/n': n}, {format: 'application/n-quads'});`;
  const made = await build({...options, stdin: {contents, resolveDir: src}, format: 'esm', minify: false});
  const {quads} = await import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString('base64')}`);
  for (const [n, want] of [[1e-7, '"1.0E-7"^^<http://www.w3.org/2001/XMLSchema#double>'], [0.5, '"5.0E-1"^^<http://www.w3.org/2001/XMLSchema#double>'],
    [0, '"0"^^<http://www.w3.org/2001/XMLSchema#integer>'], [1e21, '"1.0E21"^^<http://www.w3.org/2001/XMLSchema#double>']]) {
    assert.equal(await quads(n), `<https://example.org/x> <https://example.org/n> ${want} .\n`);
  }
});
