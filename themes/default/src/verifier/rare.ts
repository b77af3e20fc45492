// What few documents ask for. It is a bundle of its own, which the verifier loads
// when a document needs it (later.ts), and imports nothing that the verifier has: a
// Failure of this bundle would not be one there.

import contexts from 'laurel:rare';

export {contexts};
