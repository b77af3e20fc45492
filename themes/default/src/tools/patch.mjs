// Patches of packages, for what their maintainers have not mended: each file of
// patches/ is named PACKAGE+VERSION.patch, a slash of the package as another plus,
// and holds unified diffs. They are applied while bundling, to what the lockfile
// names; nothing in node_modules is written.

import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** The patched files of the packages below src, their text by path. A patch of
 * another version than is there, or that does not fit to the letter, is an error. */
export async function patched(src) {
  const files = new Map();
  for (const name of (await readdir(join(src, 'patches'))).sort()) {
    const [, pkg, version] = /^(.+)\+([^+]+)\.patch$/.exec(name);
    const folder = join(src, 'node_modules', ...pkg.split('+'));
    const there = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version;
    if (there !== version) {
      throw new Error(`patches/${name} is for another version than ${there}: see whether it is still needed`);
    }
    for (const part of (await readFile(join(src, 'patches', name), 'utf8')).split(/^(?=--- a\/)/m).slice(1)) {
      const path = join(folder, /^--- a\/(.*)$/m.exec(part)[1]);
      files.set(path, apply(await readFile(path, 'utf8'), part));
    }
  }
  return files;
}

/** Applies the hunks of a unified diff to a text, each at its very line. */
export function apply(text, diff) {
  const lines = text.split('\n');
  let moved = 0;
  for (const hunk of diff.split(/^(?=@@ )/m).slice(1)) {
    const [head, ...body] = hunk.replace(/\n$/, '').split('\n');
    const at = Number(/^@@ -(\d+)/.exec(head)[1]) - 1 + moved;
    const side = sign => body.filter(line => line[0] !== sign).map(line => line.slice(1));
    const [before, after] = [side('+'), side('-')];
    if (before.some((line, i) => line !== lines[at + i])) {
      throw new Error(`a patch does not fit at line ${at + 1}`);
    }
    lines.splice(at, before.length, ...after);
    moved += after.length - before.length;
  }
  return lines.join('\n');
}
