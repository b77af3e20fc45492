// Checks the types of the scripts, and who imports whom, by what the compiler
// itself has to tell: no circle, also not one of types alone; nothing of pages/
// in verifier/; no export that nobody imports.

import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const src = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(src, 'node_modules/typescript/bin/tsc');

/** The files of a folder with a tsconfig.json, each with those it imports. The
 * error is what the compiler complains of. */
async function imports(folder) {
  const args = [tsc, '-p', '.', '--noEmit', '--explainFiles'];
  const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: folder, maxBuffer: 64 << 20}).catch(e => {
    throw new Error(e.stdout?.split('\n').filter(line => line.includes('error TS')).join('\n') || e.message);
  });
  const files = new Map();
  let file;
  for (const line of stdout.split('\n')) {
    const by = /^ +Imported via .* from file '([^']+)'/.exec(line)?.[1];
    if (/^\S/.test(line)) {
      file = line;
      const own = /\.ts$/.test(file) && !/^\/|\.\.|node_modules|\.d\.ts$/.test(file);
      if (own && !files.has(file)) {
        files.set(file, new Set());
      }
    } else if (by && files.has(file)) {
      files.set(by, (files.get(by) ?? new Set()).add(file));
    }
  }
  return files;
}

/** One circle through each file that is in some, as the list of its files. */
function circles(files) {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file]);
    } else if (!done.has(file)) {
      for (const next of files.get(file) ?? []) {
        visit(next, [...path, file]);
      }
      done.add(file);
    }
  };
  [...files.keys()].sort().forEach(file => visit(file, []));
  return found;
}

/** The exports that no file imports and no tool names. */
async function unused(folder, files, tools) {
  const exported = [];
  const wanted = new Set();
  const whole = new Set(); // loaded when needed, bundled, or put in the place of a package's
  for (const file of [...files, ...tools]) {
    const text = await readFile(join(folder, file), 'utf8');
    const clauses = tools.includes(file) ? [text] : text.match(/^(?:import|export) [^;=]* from '/gm) ?? [];
    for (const [, loaded, named] of text.matchAll(/\bimport\('(\.[^']+)'\)|'(\w+\/\w+\.ts)'/g)) {
      whole.add(named ?? `${join(dirname(file), loaded)}.ts`);
    }
    clauses.flatMap(clause => clause.match(/\w+/g) ?? []).forEach(name => wanted.add(name));
    if (files.includes(file)) {
      exported.push(...[...text.matchAll(/^export (?:async )?(?:const|let|function|class|interface|type)\*? (\w+)/gm)].map(([, name]) => ({file, name})));
    }
  }
  return exported.filter(({file, name}) => !wanted.has(name) && !whole.has(file)).map(({file, name}) => `${file} exports ${name}, which nobody imports`);
}

/** What is wrong with the imports of a folder; of tools are names relative to it. */
export async function check(folder, tools = []) {
  const files = await imports(folder);
  const walls = [...files].flatMap(([file, imported]) => [...imported]
    .filter(to => file.startsWith('verifier/') && !to.startsWith('verifier/')).map(to => `${file} imports ${to}: verifier/ imports nothing of other folders`));
  return [
    ...circles(files).map(circle => `import circle: ${circle.join(' -> ')}`),
    ...walls,
    ...await unused(folder, [...files.keys()], tools),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const wrong = await check(src, ['globals.d.ts', ...['build', 'cli', 'files', 'offline', 'wallet'].map(name => `tools/${name}.mjs`)]);
    if (wrong.length > 0) {
      throw new Error(wrong.join('\n'));
    }
  } catch (e) {
    console.error(e.message);
    process.exitCode = 1;
  }
}
