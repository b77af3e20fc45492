// What the bundle of the certificate that is a file does without: it verifies
// what laurel signs, with an embedded proof, and nothing else.

/** Contexts and schemas of laurel's own credentials, learner records too, what endorses them, and status
 * lists. */
const contexts = ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'];
const schemas = ['ob_v3p0_achievementcredential_schema.json', 'ob_v3p0_endorsementcredential_schema.json', 'clr_v2p0_clrcredential_schema.json'];

const none = 'const none = () => { throw new Error("this file does not verify that"); };';

const stand = {
  './alike': 'export const decode = label => `xn--${label}`; export const isAlike = () => false;',
  './attached': `${none} export class Encrypted extends Error {} export const attachments = none; export const fromHTML = none;`,
  './bake': 'export const isPNG = () => false; export const isSVG = () => false; export const trails = () => false; export class NotBaked extends Error {} export async function unbake() { throw new NotBaked(); }',
  './derived': `${none} export const parseDerived = none;`,
  './detached': `${none} export const checkDetached = none, fitsDetached = none, parseDetached = none, verifyDetached = none;`,
  './linkage': 'export class Linkage { async check() {} }',
  './jwt': `${none} export const claimsInForce = none, securedJWT = none; export const placement = () => ({outcome: "pass", reason: "ok"});`, // there is no JWT
  './typed': `${none} export const checkBinding = none, checkTyped = none, typedSubject = none;`,
  './jws': `${none} export const parseJWS = none, typeOf = none, verifyJWS = none;`,
  './jwskey': `${none} export const ownerOf = none;`,
  './log': 'export const logged = async () => ({outcome: "skipped", reason: "log-unplaced"});', // no log.json came with it
  './presentation': `${none} export const presentation = none, presentedCredentials = none;`,
  './sdjwt': `${none} export const parseSDJWT = none;`,
  'jose': `${none} export const compactVerify = none; export const importJWK = none;`,
  '@digitalbazaar/ecdsa-jcs-2019-cryptosuite': `${none} export const createVerifyCryptosuite = none;`,
  '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite': 'export const cryptosuite = undefined;',
  '@digitalbazaar/eddsa-jcs-2022-cryptosuite': `${none} export const createVerifyCryptosuite = none;`,
};

/** A plugin that keeps of the data what load gives under some names, and puts
 * empty modules in the place of the rest. */
export function offline(load) {
  const names = Object.keys(stand);
  return {
    name: 'offline',
    setup(b) {
      b.onResolve({filter: /.*/}, args => names.includes(args.path) ? {path: args.path, namespace: 'offline'} : undefined);
      b.onLoad({filter: /.*/, namespace: 'offline'}, args => ({contents: stand[args.path], loader: 'js'}));
      b.onLoad({filter: /.*/, namespace: 'laurel'}, async args => {
        if (args.path === 'laurel:rare-names') {
          return {contents: '[]', loader: 'json'};
        }
        const [kept, all] = args.path === 'laurel:contexts' ? [contexts, await load.contexts()] : [schemas, await load.schemas()];
        for (const name of kept) {
          if (!all[name]) {
            throw new Error(`there is no ${name}`);
          }
        }
        return {contents: JSON.stringify(Object.fromEntries(kept.map(name => [name, all[name]]))), loader: 'json'};
      });
    },
  };
}
