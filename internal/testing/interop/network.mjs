// The network, closed. Every https URL a judge asks for is answered from a
// published folder or from files that laurel bundles; a request for anything
// else fails, and is kept so that the run can report it.
//
// Import this module before any verifier: libraries keep hold of `fetch`.

import {existsSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, normalize, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import net from 'node:net';
import dgram from 'node:dgram';
import dns from 'node:dns';

const here = dirname(fileURLToPath(import.meta.url));
const contexts = join(here, '..', '..', 'standards', 'jsonld', 'contexts');
const schemas = join(here, '..', '..', 'standards', 'conform', 'schemas');

// Canonical URL -> bundled file. The contexts are those laurel signs and
// verifies with; the schemas are those verifier-core guesses for badges and endorsements.
const bundled = new Map([
  ['https://www.w3.org/ns/credentials/v2', join(contexts, 'credentials-v2.jsonld')],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json', join(contexts, 'ob-v3p0-context-3.0.3.json')],
  ['https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', join(contexts, 'clr-v2p0-context-2.0.1.json')],
  ['https://w3id.org/security/data-integrity/v2', join(contexts, 'data-integrity-v2.jsonld')],
  ['https://w3id.org/security/multikey/v1', join(contexts, 'multikey-v1.jsonld')],
  ['https://www.w3.org/ns/did/v1', join(contexts, 'did-v1.jsonld')],
  ['https://www.w3.org/ns/cid/v1', join(contexts, 'cid-v1.jsonld')],
  ['https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
    join(schemas, 'ob_v3p0_achievementcredential_schema.json')],
  ['https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_endorsementcredential_schema.json',
    join(schemas, 'ob_v3p0_endorsementcredential_schema.json')]
]);

// One folder that stands for a base URL.
let site = null;

// Requests that were refused, in order: [{url, why}].
export const refused = [];

/**
 * Publishes a folder, for this process only.
 *
 * @param {string} folder - What `laurel build` wrote.
 * @param {string} baseURL - The https URL it is served under.
 */
export function serve(folder, baseURL) {
  site = {folder: normalize(folder), base: baseURL.replace(/\/+$/, '') + '/'};
}

// refuse notes the request and throws.
function refuse(url, why) {
  refused.push({url: String(url), why});
  throw new TypeError(`the network is closed: ${url}: ${why}`);
}

/**
 * The bytes behind a URL.
 *
 * @param {string} url - An absolute https URL.
 * @returns {Buffer|null} Null where the published folder has no such file.
 */
export function read(url) {
  const plain = String(url).split(/[?#]/)[0];
  const file = bundled.get(plain);
  if(file) {
    if(!existsSync(file)) {
      refuse(plain, `the bundled file ${file} is missing`);
    }
    return readFileSync(file);
  }
  if(!site || !(plain + '/').startsWith(site.base)) {
    // The root form of did:web stands beside a base URL without a path only,
    // so nothing outside the base is ever ours.
    refuse(plain, 'neither bundled nor below the base URL');
  }
  const path = normalize(join(site.folder, decodeURIComponent(plain.slice(site.base.length))));
  if(path !== site.folder && !path.startsWith(site.folder.replace(/[/\\]+$/, '') + sep)) {
    refuse(plain, 'leads out of the folder');
  }
  if(!existsSync(path)) {
    return null;
  }
  return readFileSync(statSync(path).isDirectory() ? join(path, 'index.html') : path);
}

/**
 * Reads JSON behind a URL, or throws.
 */
export function readJSON(url) {
  const bytes = read(url);
  if(bytes === null) {
    throw new Error(`NotFoundError: ${url} is not published`);
  }
  return JSON.parse(bytes.toString('utf8'));
}

// A refused request is answered with 403, which clients do not try again.
globalThis.fetch = async function fetch(input) {
  const url = input instanceof Request ? input.url : String(input);
  const text = (status, body) => new Response(body, {status, headers: {'content-type': 'text/plain'}});
  try {
    const bytes = read(url);
    return bytes === null ? text(404, 'not found') :
      new Response(bytes, {status: 200, headers: {'content-type': 'application/json'}});
  } catch(e) {
    return text(403, e.message);
  }
};

// What goes around fetch: node:http, node:https and undici end in a socket.
net.Socket.prototype.connect = function connect(...args) {
  const [first] = args.flat();
  refuse(typeof first === 'object' && first !== null ?
    `${first.host ?? first.path ?? '?'}:${first.port ?? ''}` : first, 'a socket');
};
dgram.Socket.prototype.send = function send() {
  refuse('udp', 'a datagram');
};
for(const of of [dns, dns.promises]) {
  for(const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
    of[name] = host => refuse(host, 'a name look-up');
  }
}
