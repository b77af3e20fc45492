// What is wrong with a document's form.

import {maxCollected} from './constants';
import type {Place, PlaceReason} from './failure';
import {compare} from './text';

export interface Finding {
  reason: PlaceReason;
  pointer: string;
  warning?: boolean;
}

export class Findings {
  private readonly list: Finding[] = [];

  add(reason: PlaceReason, at: Place): void {
    this.push({reason, pointer: at.pointer()});
  }

  addIf(wrong: boolean | undefined, reason: PlaceReason, at: Place): void {
    if (wrong) {
      this.add(reason, at);
    }
  }

  warn(reason: PlaceReason, at: Place): void {
    this.push({reason, pointer: at.pointer(), warning: true});
  }

  private push(f: Finding): void {
    if (this.list.length < maxCollected) {
      this.list.push(f);
    }
  }

  /** The findings in the order of their places. */
  sorted(): Finding[] {
    return this.list.sort((a, b) => compare(a.pointer, b.pointer) || compare(a.reason, b.reason));
  }
}
