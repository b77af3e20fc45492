// Draws awards with the code of the claim page, in Node, so that its HTML can be
// held against that of laurel build.
//
//   node template.mjs < questions
//
// A line is a question, and is answered by a line with what it asks for, or
// {"error"}, and with what it took, "ms". A time in data is {"$time": milliseconds}.
//
//   {"bundle": {…}, "as": "de"}                   keeps a template      {}
//   {"draw": "de", "data": {…}}                   a page's HTML         {"html"}
//   {"view": "the credential", "context": {…}}    the page of an award  {"data"}
//   {"markdown": "text", "level": 3}              the HTML of a text    {"html"}
//   {"call": "weburl", "args": […], "with": "de"} a function's value    {"value"}
//   {"qr": "text", "level": "M"}                  a code, with its path {"qr"}
//   {"outline": [[true]]}                         the path of modules   {"value"}
//   {"read": {"Size": 29, "Path": "M…"}}          what a code says      {"value"}

import {build} from 'esbuild';
import {createInterface} from 'node:readline';
import jsQR from 'jsqr';
import {options, src} from './build.mjs';

const modules = ['template', 'view', 'markdown', 'functions', 'escape', 'qrcode', 'value'];

async function core() {
  const contents = modules.map(m => `export * from './gone/${m}';`).join('\n');
  const made = await build({...options, stdin: {contents, resolveDir: src, loader: 'ts'}, format: 'esm', minify: false});
  const code = Buffer.from(made.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const laurel = await core();
const bundles = {};

function withTimes(value) {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(withTimes);
  }
  if ('$time' in value) {
    return new laurel.Time(value.$time);
  }
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withTimes(v)]));
}

function withoutTimes(key, value) {
  if (value instanceof laurel.Time) {
    return {$time: value.ms};
  }
  return value instanceof laurel.HTML ? value.html : value;
}

/** Reads a code from its outlines, as a camera would see it. */
function read({Size: size, Path: path}) {
  const scale = 3;
  const pixels = new Uint8ClampedArray(size * scale * size * scale * 4).fill(255);
  const edges = new Set();
  for (const [, x0, y0, steps] of path.matchAll(/M(\d+) (\d+)([^M]*)z/g)) {
    let [x, y] = [Number(x0), Number(y0)];
    const down = to => {
      for (let row = Math.min(y, to); row < Math.max(y, to); row++) {
        const edge = row * (size + 1) + x;
        edges.delete(edge) || edges.add(edge);
      }
      y = to;
    };
    for (const [, kind, n] of steps.matchAll(/([hv])(-?\d+)/g)) {
      kind === 'h' ? x += Number(n) : down(y + Number(n));
    }
    down(Number(y0));
  }
  for (let y = 0; y < size; y++) {
    for (let x = 0, dark = false; x < size; x++) {
      dark = dark !== edges.has(y * (size + 1) + x);
      for (let i = 0; dark && i < scale * scale; i++) {
        const at = ((y * scale + Math.floor(i / scale)) * size * scale + x * scale + i % scale) * 4;
        pixels.fill(0, at, at + 3);
      }
    }
  }
  return jsQR(pixels, size * scale, size * scale)?.data ?? '';
}

function answer(q) {
  if (q.bundle) {
    bundles[q.as] = laurel.openTemplate(q.bundle);
    return {};
  }
  if (q.draw) {
    return {html: laurel.renderAward(bundles[q.draw], withTimes(q.data))};
  }
  if (q.view) {
    const status = q.context.status;
    const context = {...q.context, status: {...status, Since: status.Since && new Date(status.Since)}};
    const view = laurel.awardView(q.view, context);
    return {data: view, html: q.with && laurel.renderAward(bundles[q.with], view)};
  }
  if (q.call) {
    const functions = {...laurel.escapers, ...laurel.functionsOf(bundles[q.with])};
    return {value: functions[q.call](...q.args.map(withTimes))};
  }
  if (q.outline) {
    return {value: laurel.outline(q.outline)};
  }
  if (q.read) {
    return {value: read(q.read)};
  }
  return q.qr === undefined ? {html: laurel.markdown(q.markdown, q.level)} : {qr: laurel.qr(q.qr, q.level)};
}

for await (const line of createInterface({input: process.stdin})) {
  let said;
  const start = performance.now();
  try {
    said = answer(JSON.parse(line));
  } catch (e) {
    said = {error: e.message};
  }
  console.log(JSON.stringify({...said, ms: performance.now() - start}, withoutTimes));
}
