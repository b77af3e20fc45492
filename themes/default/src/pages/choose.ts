// Choosing piece by piece what is shown of an award: boxes to tick, what they make,
// and the ways to hand just that on. It is loaded when somebody wants to choose.

import {encode} from 'uqr';

import type {Form} from './capsule';
import type {Choice} from './choices';
import {disclosersOf, type Core, type Discloser} from './disclosing';
import {el, foreign} from './dom';
import {prepareProse, prose} from './prose';
import {label, credential} from './show';
import {fileName, stemOf, wire, type File} from './take';
import {addVerdicts, day} from './words';
import {safe} from '../verifier/characters';
import type {Doc} from '../verifier/json';
import type {Judged, Loader} from '../verifier/judged';
import {firstSubject, objectOf, stringOf} from '../verifier/text';
import {toBase64url} from '../verifier/url';
import type {Verifier} from '../verifier/verify';

/** The longest link that is offered: longer ones do not survive everywhere that
 * people paste them. */
const maxLink = 8000;

/** The most bytes that a QR code holds (ISO/IEC 18004, version 40, level L). */
const maxCode = 2953;

/** Text of a choice that is shown of a longer one. */
const maxText = 120;

/** The claim page, as far as it is needed. */
interface Page {
  readonly later: {markdown(): Promise<typeof import('./markdown')>; rare(): Promise<typeof import('../verifier/rare')>};
  readonly app: HTMLElement;
  readonly pieces: HTMLElement;
  readonly urls: string[];
  readonly article: HTMLElement | undefined;
  turn: number;
  own(key: string): string;
  putPieces(article?: HTMLElement): void;
  fail(code: 'failed', retry: () => Promise<void>, turn?: number): void;
}

/** What the claim page lends. */
interface Host {
  page: Page;
  core: Core;
  form: Form;
  /** The address that the site is published at. */
  site: string;
  load: Loader;
  picture(url: string): string | undefined;
  files(credential: string, achievement: Doc | undefined): Promise<File[]>;
  tell(judged: Judged, verifier: Verifier, pictures: boolean): void;
}

const boxes = new WeakMap<Form, {all: Discloser[]; ticked: Set<Choice>}>();

/** Lets the learner tick what to show, and shows it. What was ticked before in this
 * page is ticked again. */
export async function choosePieces(host: Host): Promise<void> {
  const {page, core, form} = host;
  addVerdicts(); // this script has words of its own
  const kept = boxes.get(form) ?? {all: await disclosersOf(form, core), ticked: new Set<Choice>()};
  boxes.set(form, kept);
  const update = () => show(host, kept.all, [...kept.ticked].flatMap(c => c.pointers));
  page.pieces.replaceChildren(el('fieldset', {'aria-describedby': 'claim-pieces-always'},
    el('legend', {}, page.own('choose.legend')),
    el('p', {class: 'hint', id: 'claim-pieces-always'}, page.own('choose.always')),
    ...kept.all[0]!.choices.map(choice => {
      const box = el('input', {type: 'checkbox', value: choice.pointers[0]}) as HTMLInputElement;
      box.checked = kept.ticked.has(choice);
      box.addEventListener('change', () => {
        kept.ticked[box.checked ? 'add' : 'delete'](choice);
        void update();
      });
      return el('label', {}, box, el('span', {}, ...named(page, choice)));
    })));
  await update();
}

/** A choice in the words of the page and of the document. */
function named(page: Page, {term, text}: Choice): (HTMLElement | string)[] {
  const key = [`choice.${term}`, `choice.${term.split('.')[0]!}`].find(k => page.own(k) !== k);
  const name = key ? page.own(key) : label(term.replace(/^identifier\./, ''));
  const shown = /^(?:activity\w+|awarded)Date$/.test(term) ? day(text) : text;
  const short = [...shown];
  return shown === '' || term === 'issuer' || term === 'achievement' ? [name] : [`${name}: `, foreign('span', safe(short.length > maxText ? `${short.slice(0, maxText).join('')}…` : shown))];
}

/** Makes the credentials that show what pointers point to, has them judged, and puts
 * the first into the page. */
async function show(host: Host, all: Discloser[], pointers: string[]): Promise<void> {
  const {page} = host;
  const turn = ++page.turn;
  const again = () => show(host, all, pointers);
  // What was there is handed to nobody any more.
  page.article?.setAttribute('inert', '');
  page.app.dataset.state = 'busy';
  try {
    const verifier = new host.core.Verifier({now: new Date(), load: host.load, rare: page.later.rare});
    const bytes = (text: string) => new TextEncoder().encode(text);
    const made = await Promise.all(all.map(async d => ({...d, text: await d.derive(pointers)})));
    const judgements: Judged[] = [];
    for (const {text} of made) {
      judgements.push(await verifier.credential(bytes(text)));
    }
    const [judged] = judgements as [Judged];
    await prepareProse(judged, () => page.later.markdown());
    const [{text}] = made as [typeof made[0]];
    const achievement = judged.doc && objectOf(firstSubject(judged.doc), 'achievement');
    const files: File[] = made.map(m => ({kind: m.kind, type: m.type, bytes: bytes(m.text)}));
    if (files[0]!.kind === 'credential.json') {
      files.push(...(await host.files(text, achievement)).slice(1)); // in pictures
    }
    const link = `${host.site}verify/#vcz=${toBase64url(await packed(text))}`;
    if (turn !== page.turn) {
      return;
    }
    if (judgements.some(j => j.report.verdict !== 'valid')) {
      page.fail('failed', again);
      return;
    }
    const stem = stemOf(stringOf(achievement, 'id'), 'chosen');
    const take = ways(page, link, files);
    page.putPieces(el('article', {class: 'wrap claim-chosen'}, credential(judged, {image: host.picture, prose}, 1), take));
    for (const a of take.querySelectorAll<HTMLAnchorElement>('[data-download]')) {
      const file = files.find(f => f.kind === a.dataset.download)!;
      a.href = URL.createObjectURL(new Blob([file.bytes], {type: file.type}));
      a.download = fileName(stem, file.kind);
      page.urls.push(a.href);
    }
    take.append(keep(page, all[0]!, fileName(stemOf(stringOf(achievement, 'id'), 'all'), all[0]!.kind)));
    wire(take, {
      files: async () => files.map(f => ({name: fileName(stem, f.kind), bytes: f.bytes})), stem: () => stem, text: async () => text,
      when: () => new Date(stringOf(judged.doc, 'validFrom')),
    });
    host.tell(judged, verifier, files.some(f => f.kind === 'badge.png'));
  } catch {
    page.fail('failed', again, turn);
  }
}

/** What the learner keeps to choose from at another time. */
function keep(page: Page, d: Discloser, name: string): HTMLElement {
  const a = el('a', {download: name, href: URL.createObjectURL(new Blob([d.whole()], {type: d.type}))}, page.own('choose.whole')) as HTMLAnchorElement;
  page.urls.push(a.href);
  return el('p', {class: 'claim-chosen-whole'}, a, ' ', el('span', {class: 'hint'}, page.own('choose.whole.hint')));
}

/** The ways to hand on what was chosen: files, a link, and a code that a camera
 * reads. */
function ways(page: Page, link: string, files: File[]): HTMLElement {
  const {copied, copyFailed} = page.app.dataset;
  const download = (kind: File['kind'], key: string) => files.some(f => f.kind === kind) && el('li', {}, el('a', {class: 'button', 'data-download': kind}, page.own(key)));
  return el('section', {class: 'take', 'aria-labelledby': 'take'},
    el('h2', {id: 'take'}, page.own('choose.take')),
    el('ul', {class: 'take-buttons'},
      download('credential.json', 'choose.json'), download('credential.sd-jwt.txt', 'choose.sdjwt'), download('badge.png', 'choose.png'),
      el('li', {}, el('button', {class: 'button', type: 'button', 'data-action': 'copy-text', hidden: ''}, page.own('choose.text'))),
      link.length <= maxLink && el('li', {}, el('button', {class: 'button', type: 'button', 'data-action': 'copy-link', 'data-copy': link, hidden: ''}, page.own('choose.link')))),
    el('p', {class: 'hint', id: 'claim-chosen-link'}, page.own(link.length <= maxLink ? 'choose.link.hint' : 'choose.link.long')),
    code(page, link),
    el('p', {class: 'take-live visually-hidden', role: 'status', 'data-copied': copied, 'data-copy-failed': copyFailed}));
}

function code(page: Page, link: string): HTMLElement {
  if (link.length > maxCode) {
    return el('p', {class: 'hint', id: 'claim-chosen-code'}, page.own('choose.qr.long'));
  }
  const {size, data} = encode(link, {ecc: 'L', border: 4});
  const drawn = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({class: 'qr', viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': page.own('choose.qr')})) {
    drawn.setAttribute(name, value);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', data.flatMap((row, y) => row.flatMap((dark, x) => dark ? [`M${x} ${y}h1v1h-1z`] : [])).join(''));
  drawn.append(path);
  const figure = el('figure', {class: 'take-code claim-chosen-code', id: 'claim-chosen-code'});
  figure.append(drawn, el('figcaption', {class: 'hint'}, page.own('choose.qr.hint')));
  return figure;
}

/** Text compressed as it stands behind #vcz= (RFC 1951). */
async function packed(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
