#!/usr/bin/env node
// Takes credentials out of baked images with libraries by others.
//
//   node unbake.mjs FILE...
//
// Each line of standard output is {file, kind, text, count, naive} or {file, error}:
// `text` is what the image carries, `kind` the keyword that it does so under, of
// Open Badges 3.0 or of CLR 2.0, `count` how many times it carries
// something under one of these, and `naive` what VerifierPlus
// takes out, which counts braces in the file as if it were text. The exit code
// is 1 when an image could not be read.

import extractChunks from 'png-chunks-extract';
import ExifReader from 'exifreader';
import {DOMParser} from '@xmldom/xmldom';
import {readFileSync} from 'node:fs';

const kinds = [
  {keyword: 'openbadgecredential', element: 'openbadges:credential', namespace: 'https://purl.imsglobal.org/ob/v3p0'},
  {keyword: 'clrcredential', element: 'clr:credential', namespace: 'https://purl.imsglobal.org/clr/v2p0'},
];
const svg = 'http://www.w3.org/2000/svg';

for(const file of process.argv.slice(2)) {
  try {
    const bytes = readFileSync(file);
    const all = kinds.map(kind => ({kind: kind.keyword, ...bytes[0] === 0x89 ? fromPNG(bytes, kind) : fromSVG(bytes.toString('utf8'), kind)}));
    const baked = {...all.find(({count}) => count > 0) ?? all[0], count: all.reduce((n, {count}) => n + count, 0)};
    process.stdout.write(JSON.stringify({file, ...baked}) + '\n');
  } catch(e) {
    process.stdout.write(JSON.stringify({file, error: e.message}) + '\n');
    process.exitCode = 1;
  }
}

// Baking: one iTXt chunk, not compressed (Open Badges 3.0, "Baking PNG images").
function fromPNG(bytes, {keyword}) {
  const latin1 = data => Buffer.from(data).toString('latin1');
  const mine = extractChunks(bytes).filter(({name, data}) =>
    /^[tiz][TE]Xt$/i.test(name) && latin1(data).split('\0')[0] === keyword);
  for(const {name, data} of mine) {
    if(name !== 'iTXt' || data[keyword.length + 1] !== 0) {
      throw new Error(`the credential is in a chunk ${name}, compressed: ${data[keyword.length + 1]}`);
    }
  }
  const {pngText = {}} = ExifReader.load(bytes, {expanded: true, includeUnknown: true});
  return {text: pngText[keyword]?.value, count: mine.length, naive: naive(bytes.toString('utf8'), keyword)};
}

// The element comes directly after <svg> (Open Badges 3.0, "Baking SVG images").
function fromSVG(source, {element, namespace}) {
  const onError = (level, message) => {
    throw new Error(`${level}: ${message}`);
  };
  const root = new DOMParser({onError}).parseFromString(source, 'image/svg+xml').documentElement;
  if(root.localName !== 'svg' || root.namespaceURI !== svg) {
    throw new Error(`the root element is ${root.tagName} of ${root.namespaceURI}`);
  }
  const found = root.getElementsByTagNameNS(namespace, 'credential');
  const first = Array.from(root.childNodes).find(n => n.nodeType === 1);
  if(found.length > 0 && found[0] !== first) {
    throw new Error('the credential does not come first');
  }
  const text = found.length > 0 ? (found[0].getAttribute('verify') || found[0].textContent).trim() : undefined;
  return {text, count: found.length, naive: naive(source, element)};
}

// As the PNG is read by VerifierPlus: from the keyword to the brace that closes
// the first one.
function naive(text, after) {
  const from = text.indexOf('{', text.indexOf(after));
  if(from < 0) {
    return null;
  }
  for(let i = from, depth = 0; i < text.length; i++) {
    if(text[i] === '{') {
      depth++;
    } else if(text[i] === '}') {
      depth--;
    }
    if(depth === 0) {
      return text.slice(from, i + 1);
    }
  }
  return null;
}
