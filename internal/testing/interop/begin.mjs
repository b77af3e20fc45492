// What the scripts that answer jobs begin with, before any library of others is loaded:
// the closed network over a folder, and the clock.

import {serve} from './network.mjs';
import {setClock} from './clock.mjs';

const args = process.argv.slice(2);

/** The time of --at, null without it. */
export const at = args[0] === '--at' ? args.splice(0, 2)[1] : null;

/** The published folder, and the folder for what is made. */
export const [folder, base, out] = args;

serve(folder, base);
if(at) {
  setClock(at);
}
