// The bundle of what few documents ask for, loaded when one does.

import {Failure} from './failure';

type Rare = typeof import('./rare');

let load: (() => Promise<Rare>) | undefined;

/** Says where the bundle comes from. Loading it may fail, and is tried anew each
 * time that it is needed. */
export function rareFrom(from: () => Promise<Rare>): void {
  load = from;
}

/** The bundle; undefined where there is none, as in a certificate that is a file: what
 * needs it is then not known. It throws a Failure where it cannot be loaded. */
export async function rare(): Promise<Rare | undefined> {
  return load?.().catch(() => {
    throw new Failure('not-loaded');
  });
}
