// Why a document was refused: a code that the command line uses as well, the
// place as a JSON Pointer, and a detail for people that quotes names of the
// document but never its values.

export class Failure extends Error {
  constructor(readonly code: string, readonly detail: string, readonly pointer = '') {
    super(pointer ? `${code} at ${pointer}: ${detail}` : `${code}: ${detail}`);
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

  failure(code: string, detail: string): Failure {
    return new Failure(code, detail, this.pointer());
  }
}
