// What is wrong with a document's form.

import {Place} from './failure';
import {compare} from './text';

export interface Finding {
  code: string;
  pointer: string;
  detail: string;
  verifier: string; // which standard refuses it
  warning?: boolean;
}

// A hostile document must not fill a page with what is wrong about it.
const maxFindings = 50;
const maxCollected = 10000;

export class Findings {
  private readonly list: Finding[] = [];

  constructor(public verifier: string) {}

  add(code: string, at: Place, detail: string): void {
    this.push({code, pointer: at.pointer(), detail, verifier: this.verifier});
  }

  warn(code: string, at: Place, detail: string): void {
    this.push({code, pointer: at.pointer(), detail, verifier: this.verifier, warning: true});
  }

  private push(f: Finding): void {
    if (this.list.length < maxCollected) {
      this.list.push(f);
    }
  }

  /** The findings in the order of their places, without doubles. */
  sorted(): Finding[] {
    const list = this.list.sort((a, b) =>
      compare(a.pointer, b.pointer) || compare(a.code, b.code) || compare(a.detail, b.detail));
    const same = (a: Finding, b?: Finding) => b !== undefined && a.pointer === b.pointer && a.code === b.code &&
      a.detail === b.detail && a.verifier === b.verifier && a.warning === b.warning;
    return list.filter((f, i) => !same(f, list[i - 1])).slice(0, maxFindings);
  }
}
