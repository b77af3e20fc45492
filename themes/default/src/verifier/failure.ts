// Why a document was refused: a reason of the command line's as well, and the
// place as a JSON Pointer.

import type {Sentences} from './reasons';

/** What is wrong with bytes that hold something; whoever reads them says what. */
export class Malformed extends Error {}

export function malformedIf(wrong: boolean): void {
  if (wrong) {
    throw new Malformed();
  }
}

/** The reasons whose sentence says no more than what is known of a place. */
export type PlaceReason = {[K in keyof Sentences]: Sentences[K] extends 'name' | 'value' ? K : never}[keyof Sentences];

export class Failure extends Error {
  constructor(readonly reason: PlaceReason, readonly pointer = '') {
    super(`${reason} at ${pointer || 'the document'}`);
  }
}

/** Where a walk is, turned into a JSON Pointer only when there is something to
 * say about it. */
export class Place {
  constructor(readonly up?: Place, readonly step: string | number = '') {}

  member(name: string): Place {
    return new Place(this, name);
  }

  item(i: number): Place {
    return new Place(this, i);
  }

  get inArray(): boolean {
    return typeof this.step === 'number';
  }

  pointer(): string {
    if (!this.up) {
      return '';
    }
    return `${this.up.pointer()}/${String(this.step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }

  failure(reason: PlaceReason): Failure {
    return new Failure(reason, this.pointer());
  }
}
