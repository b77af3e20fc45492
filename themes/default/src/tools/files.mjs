// Opens capsules, bakes pictures and packs archives with the code of the claim
// page, in Node, so that what it makes can be held against laurel's.
//
//   node files.mjs < jobs        one job a line, one answer a line
//
// A job is {"do": "open", "capsule", "key"}, {"do": "page", "page", "key"}, {"do":
// "jose", "jwe", "key"}, which has the library jose open one, {"do": "link", "fragment"},
// {"do": "fetch", "link", "status", "body"}, {"do": "bake", "image",
// "credential"}, {"do": "zip", "entries": [{"name", "bytes"}], "when"} or {"do":
// "name", "achievement", "variant", "download"}, with bytes in base64. An answer
// is {"result"} or {"error"}.

import {build} from 'esbuild';
import {createInterface} from 'node:readline';
import {compactDecrypt} from 'jose';
import {options, src} from './build.mjs';

async function code() {
  const contents = ['asked', 'capsule', 'bakefile', 'zip', 'take'].map(name => `export * from './pages/${name}';`).join('\n');
  const made = await build({...options, stdin: {contents, resolveDir: src}, format: 'esm', minify: false});
  return import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString('base64')}`);
}

const bytes = s => new Uint8Array(Buffer.from(s, 'base64'));
const base64 = b => Buffer.from(b).toString('base64');

const c = await code();
const asked = [];

/** Answers requests instead of a site, and notes all that each would say. */
function stand(status, body) {
  globalThis.fetch = async (url, init) => {
    asked.push({url: String(url), ...init, signal: undefined});
    if (status === 0) {
      throw new TypeError('no answer');
    }
    return new Response(bytes(body), {status});
  };
}

const jobs = {
  open: async j => c.openCapsule(bytes(j.capsule), j.key),
  page: async j => c.openPage(bytes(j.page), j.key),
  jose: async j => {
    const {plaintext, protectedHeader} = await compactDecrypt(new TextDecoder().decode(bytes(j.jwe)), Buffer.from(j.key, 'base64url'));
    return {text: new TextDecoder().decode(plaintext), header: protectedHeader};
  },
  link: async j => c.parseLink(j.fragment),
  fetch: async j => {
    stand(j.status, j.body);
    const link = c.parseLink(j.link);
    const root = new URL('https://site.example.org/base/');
    const file = c.getSealed(link, root, j.page ? 'page' : 'capsule');
    return file.then(sealed => (j.page ? c.openPage : c.openCapsule)(sealed, link.key)).then(
      got => ({[j.page ? 'page' : 'forms']: got, asked: asked.splice(0)}), e => ({trouble: e.trouble, asked: asked.splice(0)}));
  },
  bake: async j => base64(c.bake(bytes(j.image), new TextDecoder().decode(bytes(j.credential)))),
  zip: async j => base64(c.zip(j.entries.map(e => ({name: e.name, bytes: bytes(e.bytes)})), new Date(j.when))),
  name: async j => c.fileName(c.stemOf(j.achievement, j.variant), j.download),
};

for await (const line of createInterface({input: process.stdin})) {
  const job = JSON.parse(line);
  console.log(JSON.stringify(await jobs[job.do](job).then(result => ({result}), e => ({error: e.trouble ?? (e.message || e.name)})),
    (_, value) => value instanceof Map ? Object.fromEntries(value) : value));
}
