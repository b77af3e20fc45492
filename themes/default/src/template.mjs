// Draws awards with the code of the claim page, in Node, so that its HTML can be
// held against that of laurel build.
//
//   node template.mjs < questions
//
// A line is a question, and is answered by a line with what it asks for, or
// {"error"}. A time in data is {"$time": milliseconds}.
//
//   {"bundle": {…}, "as": "de"}                   keeps a template      {}
//   {"draw": "de", "data": {…}}                   a page's HTML         {"html"}
//   {"view": "the credential", "context": {…}}    the page of an award  {"data"}
//   {"markdown": "text", "level": 3}              the HTML of a text    {"html"}
//   {"call": "weburl", "args": […], "with": "de"} a function's value    {"value"}
//   {"qr": "text", "level": "M"}                  a code, with its path {"qr"}

import {build} from 'esbuild';
import {createInterface} from 'node:readline';
import {here, options} from './build.mjs';

const modules = ['template', 'view', 'markdown', 'functions', 'escape', 'qrcode', 'value'];

async function core() {
  const contents = modules.map(m => `export * from './${m}';`).join('\n');
  const made = await build({...options, stdin: {contents, resolveDir: here, loader: 'ts'}, format: 'esm', minify: false});
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
  return q.qr === undefined ? {html: laurel.markdown(q.markdown, q.level)} : {qr: laurel.qr(q.qr, q.level)};
}

for await (const line of createInterface({input: process.stdin})) {
  let said;
  try {
    said = answer(JSON.parse(line));
  } catch (e) {
    said = {error: e.message};
  }
  console.log(JSON.stringify(said, withoutTimes));
}
