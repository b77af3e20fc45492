// Ten ways to alter a signed credential, each of which must be refused, and
// two that alter nothing and must not be.

const away = text => text + ' ';

// Another character of the base58btc alphabet in the middle of the value.
function otherCharacter(value) {
  const i = value.length >> 1;
  const c = value[i] === 'z' ? 'y' : 'z';
  return value.slice(0, i) + c + value.slice(i + 1);
}

const proofOf = c => Array.isArray(c.proof) ? c.proof[0] : c.proof;

function reversed(value) {
  if(Array.isArray(value)) {
    return value.map(reversed);
  }
  if(value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, reversed(v)]));
  }
  return value;
}

// {name, genuine, apply}: apply returns the altered credential.
export const mutations = [
  {name: 'credential-name', apply: c => ({...c, name: away(c.name ?? '')})},
  {name: 'achievement-name', apply: c => {
    c.credentialSubject.achievement.name = away(c.credentialSubject.achievement.name);
    return c;
  }},
  {name: 'awarded-date', apply: c => ({...c, awardedDate: '2020-01-01T00:00:00Z'})},
  {name: 'issuer-id', apply: c => {
    c.issuer.id = c.issuer.id + 'x';
    return c;
  }},
  {name: 'status-index', apply: c => {
    const index = (Number(c.credentialStatus.statusListIndex) + 1) % 131072;
    c.credentialStatus.statusListIndex = String(index);
    c.credentialStatus.id = c.credentialStatus.statusListCredential + '#' + index;
    return c;
  }},
  {name: 'proof-value', apply: c => {
    proofOf(c).proofValue = otherCharacter(proofOf(c).proofValue);
    return c;
  }},
  {name: 'field-removed', apply: c => {
    delete c.credentialSubject.achievement.criteria;
    return c;
  }},
  {name: 'undefined-term', apply: c => ({...c, unsignedRemark: 'with distinction'})},
  {name: 'proof-purpose', apply: c => {
    proofOf(c).proofPurpose = 'authentication';
    return c;
  }},
  {name: 'verification-method', apply: c => {
    proofOf(c).verificationMethod += '-other';
    return c;
  }},
  {name: 'unchanged', genuine: true, apply: c => c},
  {name: 'members-reordered', genuine: true, apply: reversed}
];
