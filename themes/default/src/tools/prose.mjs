// Reads Markdown with the code of the verify page, in Node, so that what it shows
// can be held against what laurel draws.
//
//   node prose.mjs < texts        one text a line as JSON, one answer a line: its HTML

import {createInterface} from 'node:readline';
import {load} from './cli.mjs';

const {read} = await load('pages/markdown.ts');
const escaped = s => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function html(p) {
  if (typeof p === 'string') {
    return escaped(p);
  }
  const open = `<${p.tag}${p.href === undefined ? '' : ` href="${escaped(p.href)}" rel="nofollow noopener noreferrer"`}${p.start === undefined ? '' : ` start="${p.start}"`}>`;
  return ['br', 'hr'].includes(p.tag) ? open : `${open}${p.children.map(html).join('')}</${p.tag}>`;
}

for await (const line of createInterface({input: process.stdin})) {
  console.log(JSON.stringify(read(JSON.parse(line), 2).map(html).join('')));
}
