// What is judged, by whom, and how much it may cost.

import {maxNames} from './constants';
import type {Moment} from './datetime';
import type {IssuerDocument} from './did';
import type {Carrier, Opened} from './forms';
import {copy, type Doc} from './json';
import {Report, result, type Result} from './report';

/** Gets the document of an https URL or of a DID; its error says why not. */
export type Loader = (url: string) => Promise<Uint8Array>;

/** Gives what came with a credential of its place in its issuer's log: the text of
 * a log.json. It is told the address of the issuer's site, with a slash at its end.
 * Undefined: nothing came with it; 'missing': where the credential came from its
 * issuer would have put a log.json, and did not. An error says that this is not
 * known. */
export type Place = (site: string) => Promise<Uint8Array | 'missing' | undefined>;

export interface Options {
  now: Date;
  load: Loader;
  /** Loads the bundle of what few documents ask for; without it, that is not known. */
  rare?: () => Promise<typeof import('./rare')>;
}

/** What was found under an issuer's id: its document, or why there is none. */
export interface Issuer {
  doc?: IssuerDocument;
  problem?: Result;
}

/** A document that was judged, with those inside of it. */
export interface Judged {
  report: Report;
  /** Who signed it, where its form alone keeps it from being valid. */
  signed?: Result;
  doc?: Doc;
  parts: {what: 'contained' | 'endorsement'; judged: Judged}[];
  /** What it was taken out of, if that shows something else to people. */
  carrier?: Carrier;
  /** Which of several of one input: "[0]", "[1]", ... */
  item?: string;
}

/** What was found out, each thing once, however often it is asked for. */
export class Found<T> {
  private readonly found = new Map<string, Promise<T>>();

  get(key: string, find: () => Promise<T>): Promise<T> {
    let value = this.found.get(key);
    if (!value) {
      value = find();
      this.found.set(key, value);
    }
    return value;
  }
}

/** Who judges: at one moment, with one loader, looking for each issuer once. The
 * checks are handed it, so that none of them imports the order they stand in. */
export interface Judge {
  readonly now: Moment;
  readonly load: Loader;
  issuer(id: string): Promise<Issuer>;
  /** Judges what was opened, or says why nothing was. */
  judge(o: Opened, work?: Work, depth?: number): Promise<Judged>;
}

/** Whether a document is as it was signed, and whether its key is the signer's. */
export interface Secured {
  signature: Result;
  key: Result;
}

/** What one file may cost, with all that is embedded. */
export class Work {
  private readonly names = new Set<string>();
  readonly embedded = new Map<string, number>();
  /** Endorsements that were judged, by what they are. */
  readonly endorsed = new Map<string, Judged | undefined>();

  /** With what came of the place in the log of the document that the others are
   * embedded in. */
  constructor(readonly place?: Place) {}

  /** Tells whether one more issuer or list may be asked for. Without an end a
   * credential could send its verifier to a thousand hosts. */
  mayAsk(name: string): boolean {
    this.names.add(name);
    return this.names.size <= maxNames;
  }
}

/** The row of what Work did not allow to be asked for. */
export function tooManyNames(): Result {
  return result('unknown', 'too-many-names', {most: maxNames});
}

/** One document on its way through the checks. */
export class Judgement {
  readonly parts: Judged['parts'] = [];
  /** What of the document has a meaning, for proofs over that; undefined if it could
   * not be told. */
  meant?: Doc;
  /** No context of the document defines the type of a proof: what it is over is then
   * not known. */
  undescribed = false;
  /** Asks of a signature only whether the signer made it, not when or with what
   * claims beside it. */
  bySigner = false;
  readonly doc: Doc;
  readonly r: Report;

  constructor(readonly by: Judge, readonly o: Opened, readonly work = new Work(), readonly depth = 0) {
    this.doc = o.doc ?? copy({});
    this.r = new Report(o.format);
  }
}
