#!/usr/bin/env node
// Takes credentials out of links into the Learner Credential Wallet, in the
// wallet's own manner.
//
//   node wallet.mjs < LINKS > CREDENTIALS
//
// One link a line comes in, one JSON object a line goes out: {credentials,
// origin, holder} or {error}. The exit code is 1 when a link was refused.

import qs from 'query-string';
import {readFileSync} from 'node:fs';
import {isDeepStrictEqual} from 'node:util';

// What the app has phones open it for: Android this scheme with this host, iOS the
// scheme and what is below an address of its site (app.config.js, intentFilters,
// CFBundleURLSchemes, associatedDomains). And parameters that make it take a link for
// the older protocol, in which a server hands out the credential, or for a newer one.
const registered = ['dccrequest://request?', 'https://lcw.app/mobile?'];
const otherProtocols = ['vc_request_url', 'iuv'];

// What the wallet looks for, in this order, to tell the kind of a message.
const kinds = ['protocols', 'verifiablePresentationRequest', 'verifiablePresentation', 'issueRequest'];

for(const link of readFileSync(0, 'utf8').split('\n').filter(l => l !== '')) {
  let out;
  try {
    out = offer(link);
  } catch(e) {
    out = {error: e.message};
    process.exitCode = 1;
  }
  process.stdout.write(JSON.stringify(out) + '\n');
}

function offer(link) {
  const parameters = qs.parse(link.split('?')[1]);
  if(!registered.some(start => link.startsWith(start)) || otherProtocols.some(name => name in parameters)) {
    throw new Error('not a link that carries an offer');
  }
  const {query} = qs.parseUrl(reencoded(link));
  // query-string has decoded the parameter; the wallet does so once more.
  const message = JSON.parse(decodeURI(query.request));
  // Who reads the link as the URL Standard has it sees the same.
  const standard = JSON.parse(new URL(link).searchParams.get('request'));
  if(!isDeepStrictEqual(message, standard)) {
    throw new Error('the message depends on how the link is read');
  }
  const kind = kinds.find(k => k in message);
  if(kind !== 'verifiablePresentation') {
    throw new Error(`a message of kind ${kind}`);
  }
  const presentation = message.verifiablePresentation;
  if(!presentation.type?.includes('VerifiablePresentation')) {
    throw new Error('not a presentation');
  }
  return {
    credentials: [].concat(presentation.verifiableCredential),
    origin: message.credentialRequestOrigin, holder: presentation.holder ?? null
  };
}

// When a link starts the app, it first escapes parameters that look as if that
// had been forgotten.
function reencoded(url) {
  return url.replace(/=([^&]+)/g, (_, value) =>
    '=' + (/[;,/?:@&=+$]/.test(value) ? encodeURIComponent(value) : value));
}
