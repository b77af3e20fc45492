// Finds out what an input is, by its content, and takes the documents out of what they
// came in.

import {latin1} from './bytes';
import {attachments, Encrypted, fromHTML} from './attached';
import {isPNG, isSVG, NotBaked, trails, unbake} from './bake';
import {trimBytes} from './characters';
import {europeanMark, hasMarks, openBadges2, refuse, type Opened} from './forms';
import {Malformed, malformedIf} from './failure';
import {codeOf, result} from './report';
import {carriedBy, credentials, openText, utf8Of} from './wrapper';

/** Takes the documents out of an input, or says why there is none to judge: at least
 * one. */
export async function openAll(given: Uint8Array): Promise<Opened[]> {
  const data = utf8Of(given);
  const head = latin1(data.subarray(0, 1024));
  const text = trimBytes(data);
  if (text.length === 0) {
    return [refuse('unknown', result('unknown', 'input-empty'))];
  }
  if (isHTML(latin1(text.subarray(0, 256)))) {
    return openHTML(data);
  }
  if (isPNG(data) || isSVG(data)) {
    return openImage(data);
  }
  if (isPDF(head)) {
    return openPDF(data);
  }
  const binary = recognizeBinary(head);
  const list = binary ? [binary] : await openText(text, 0, openImage);
  if (!list && text[0] === 0x3c && latin1(text).includes(europeanMark)) { // XML, as they were before 2023
    return [refuse('european-digital-credential', result('unknown', 'european-credential'))];
  }
  return list ?? [refuse('unknown', result('unknown', 'form-unsupported'))];
}

/** Puts the documents of an input together for who asks for one. */
export function one(list: Opened[]): Opened {
  return list.length === 1 ? list[0]! : refuse('json', result('unknown', 'input-several', {count: list.length}));
}

/** Tells whether anything in an input is or claims to be a credential or presentation,
 * of whatever kind, or looks like one that cannot be read: of many files, others are
 * nothing to judge. */
export async function isClaim(data: Uint8Array): Promise<boolean> {
  const text = latin1(data);
  return (await openAll(data)).some(({refused}) => {
    switch (refused && codeOf(refused)) {
      case 'input-empty':
      case 'zip-file':
        return false;
      case 'html-page':
      case 'image-unsupported':
      case 'image-not-baked':
      case 'image-malformed':
      case 'pdf-unsupported':
      case 'pdf-malformed':
      case 'not-a-credential':
      case 'form-unsupported':
        return hasMarks(text);
      case 'pdf-encrypted': // the names in its dictionaries are not
        return text.includes('/EmbeddedFile');
    }
    return true;
  });
}

/** Takes the credentials out of a PDF: of its attachments those that are or claim to be
 * a credential or presentation, as text. */
async function openPDF(data: Uint8Array): Promise<Opened[]> {
  let files: Uint8Array[];
  try {
    files = await attachments(data);
  } catch (e) {
    return [refuse('pdf', result('unknown', e instanceof Encrypted ? 'pdf-encrypted' : 'pdf-malformed'))];
  }
  const found = await Promise.all(files.map(file => openText(trimBytes(utf8Of(file)), 1, openImage)));
  const list = credentials(found.flatMap(o => o ?? []));
  return list.length > 0 ? carriedBy('pdf', list) : [refuse('pdf', result('unknown', 'pdf-unsupported'))];
}

/** Takes the credentials out of a web page: a certificate that is one file has its own
 * in a block of data, others in scripts of JSON-LD. */
async function openHTML(data: Uint8Array): Promise<Opened[]> {
  const list: Opened[] = [];
  try {
    const {own, others} = fromHTML(data);
    for (const block of own) {
      const inside = await openText(trimBytes(block), 1, openImage);
      malformedIf(!inside); // there is something else in the place of a credential
      list.push(...inside!);
    }
    for (const block of others) {
      list.push(...credentials(await openText(trimBytes(block), 1, openImage) ?? []));
    }
  } catch (e) {
    if (e instanceof Malformed) {
      return [refuse('html', result('unknown', 'html-malformed'))];
    }
    throw e;
  }
  return list.length === 0 ? [refuse('html', result('unknown', 'html-page'))] : carriedBy('html', list);
}

function isHTML(start: string): boolean {
  const head = start.toLowerCase();
  return head.startsWith('<!doctype html') || head.startsWith('<html') || (head.startsWith('<?xml') && head.includes('<html'));
}

function isPDF(head: string): boolean {
  return head.includes('%PDF-') && !recognizeBinary(head)?.format.startsWith('image');
}

/** Tells files that cannot hold a credential by their first bytes. */
function recognizeBinary(head: string): Opened | undefined {
  // latin1 of the platform is windows-1252: it shows the bytes from 80 to 9f
  // as other letters, of which none is asked for here.
  if (['\u00ff\u00d8\u00ff', 'GIF87a', 'GIF89a', 'BM', 'II*\0', 'MM\0*'].some(magic => head.startsWith(magic))) {
    return refuse('image', result('unknown', 'image-unsupported'));
  }
  if (head.startsWith('RIFF') && head.includes('WEBP')) {
    return refuse('image', result('unknown', 'image-unsupported'));
  }
  if (/^PK\x03\x04[^]{26}(?:\[Content_Types\]\.xml|_rels\/|docProps\/|word\/|xl\/|ppt\/|mimetypeapplication\/)/.test(head)) {
    return refuse('unknown', result('unknown', 'form-unsupported')); // a document of an office program, or a book
  }
  if (head.startsWith('PK\x03\x04') || head.startsWith('PK\x05\x06')) {
    return refuse('zip', result('unknown', 'zip-file'));
  }
  return undefined;
}

async function openImage(data: Uint8Array): Promise<Opened[]> {
  let baked: Uint8Array;
  let older = false;
  try {
    baked = await unbake(data).catch((e: unknown) => {
      if (!(e instanceof NotBaked)) {
        throw e;
      }
      older = true; // in the place of older badges there may be a newer one
      return unbake(data, true);
    });
  } catch (e) {
    const none = e instanceof NotBaked;
    return [older && isOldBaked(data) ? openBadges2() : refuse('image', result('unknown', none ? 'image-not-baked' : 'image-malformed'))];
  }
  let list = await openText(trimBytes(utf8Of(baked)), 2, openImage) ?? [];
  const [o] = list;
  if (older && (list.length !== 1 || (o?.refused && codeOf(o.refused) === 'not-a-credential'))) {
    list = [openBadges2()]; // such as the address of an assertion
  }
  return list.length === 1 && !list[0]!.carrier ? list.map(one => ({...one, trailing: trails(data)})) : [refuse('image', result('unknown', 'image-malformed'))];
}

/** Tells a picture that looks as if there were a badge of Open Badges 2.0 or older in
 * it. */
function isOldBaked(data: Uint8Array): boolean {
  const text = latin1(data);
  return ['iTXtopenbadges\0', 'tEXtopenbadges\0', 'openbadges:assertion', 'http://openbadges.org'].some(mark => text.includes(mark));
}
