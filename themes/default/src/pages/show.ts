// Shows what a credential says, and the report about it.

import {el, foreign, link, type Child} from './dom';
import {drop, safe, trim} from '../verifier/characters';
import {hostOf} from '../verifier/host';
import {isObject, type Doc, type Value} from '../verifier/json';
import {codeOf, hintOf, sayResult, type Check, type Result, type Verdict} from '../verifier/report';
import {firstSubject, hasType, idOf, isMadeUp, items, objectOf, stringOf, subjectName, textOf} from '../verifier/text';
import type {Judged} from '../verifier/judged';
import {nameOf, type Compared} from './related';
import {branches, type Branch} from './record';
import {standing} from './standing';
import {day, moment, number, t} from './words';

const marks: Record<string, string> = {
  valid: '✓', invalid: '✕', undetermined: '?', pass: '✓', fail: '✕', warn: '!', unknown: '?', skipped: '–', info: 'i',
};

/** A sign beside words that say the same. */
export function mark(kind: string): HTMLElement {
  return el('span', {class: `vmark vmark-${kind}`, 'aria-hidden': 'true'}, marks[kind]!);
}

/** The row that decided a verdict. */
function decided(j: Judged): Result | undefined {
  return j.report.verdict === 'valid' ? undefined : j.report.decisive();
}

function verdictWord(v: Verdict): string {
  return t(`verdict.${v}`);
}

/** What stands in the place of a verdict's own words. */
interface Told {
  word?: string;
  why?: string;
  step?: string;
}

/** The verdict with its reason, what to do next, and the age of the list of
 * revocations. */
export function verdictBox(j: Judged, listed?: number, told: Told = {}): HTMLElement {
  const {verdict} = j.report;
  const status = j.report.check('status');
  return el('div', {class: `verdict verdict-${verdict}${j.signed ? ' verdict-form' : ''}`, 'data-verdict': verdict},
    mark(verdict),
    el('div', {},
      j.signed && el('p', {class: 'verdict-lead'}, alone(j.signed)),
      j.carrier && el('p', {class: 'verdict-more verdict-carrier'}, `${t(`reason.carrier-unchecked.${j.carrier}`)} ${t('hint.compare')}`),
      el('h2', {id: 'verdict', tabindex: '-1'}, told.word ?? verdictWord(verdict)),
      el('p', {class: 'verdict-text'}, told.why ?? because(j)),
      ...noted(j).map(note => el('p', {class: 'verdict-more verdict-log'}, mark('warn'), ' ', sentence(note))),
      el('p', {class: 'verdict-next'}, el('strong', {}, t('verdict.next')), ' ', told.step ?? nextStep(j)),
      verdict !== 'invalid' && listed !== undefined && (codeOf(status) === 'status-list-old' ?
        el('p', {class: 'verdict-more verdict-log'}, mark('warn'), ' ', sentence(status)) :
        el('p', {class: 'verdict-more'}, t('list.age', {when: moment(listed)})))));
}

function because(j: Judged): Child {
  const why = decided(j);
  const by = domainOf(j);
  const {verdict} = j.report;
  return why ? sentence(why) : t(`verdict.${verdict}.${verdict !== 'valid' || j.report.format === 'presentation' ? 'text' : by ? 'by' : 'unknown'}`, {issuer: safe(by)});
}

/** What must be told beside a verdict: that the credential may have been dated back, or
 * that its issuer could be another than it seems. */
function noted(j: Judged): Result[] {
  const {verdict} = j.report;
  const good = verdict === 'valid' || j.signed;
  const told = (c: Check) => c.name === 'log' ? verdict !== 'invalid' : good && ['issuer-anonymous', 'issuer-lookalike'].includes(codeOf(c));
  return j.report.checks.filter(c => c.outcome === 'warn' && told(c));
}

/** The one thing to do about a verdict: what the row that decided it suggests, or what is
 * told beside it; else of a valid credential what only a person can judge. */
function nextStep(j: Judged): string {
  const {verdict} = j.report;
  const row = decided(j) ?? noted(j)[0];
  const hint = row && hintOf(row);
  return t(hint ? `hint.${hint}` : verdict === 'valid' ? codeOf(j.report.check('subject')) === 'subject-unnamed' ? 'verdict.trust.unnamed' : 'verdict.trust' : `verdict.${verdict}.next`);
}

/** The domain that a credential is known to come from, if it is: of who signed it, or one
 * that says that the key is its own. */
export function domainOf(j: Judged): string {
  const {report} = j;
  const issuer = j.doc?.issuer;
  const [id, name] = [idOf(issuer), isObject(issuer) && codeOf(report.check('issuer-trust')) === 'issuer-linked' ? hostOf(stringOf(issuer, 'url')) : hostOf(idOf(issuer))];
  return report.passed('proof') && report.passed('issuer-key') && name !== id ? name : '';
}

/** The verdict about something that is part of a page, with its reason. */
export function verdictOf(j: Judged): HTMLElement {
  const why = decided(j);
  return el('p', {class: 'part-verdict', 'data-verdict': j.report.verdict}, mark(j.report.verdict),
    el('span', {}, verdictWord(j.report.verdict), why && '. ', why && sentence(why)));
}

/** The verdict and its reason in one line, to be read out. */
export function verdictLine(box: HTMLElement): string {
  const lines = ['.verdict-lead', '.verdict-text', '.verdict-carrier', '.verdict-log > span:last-child'].map(name => box.querySelector(name)?.textContent ?? '');
  return `${box.querySelector('h2')?.textContent ?? ''}. ${lines.filter(Boolean).join(' ')}`;
}

/** The sentence of a row: in the page's language if the theme has that, else in
 * English. Days are written as the page writes them, with the time if it is today. */
export function sentence(r: Result): HTMLElement {
  return el('span', t('language') === 'en' ? {lang: 'en', dir: 'ltr'} : {}, alone(r), r.because && ' ', r.because && sentence(r.because));
}

/** The sentence of a row without that of what it follows from. */
function alone({because: _, ...r}: Result): string {
  return sayResult({...r, values: Object.fromEntries(Object.entries(r.values ?? {}).map(([name, v]) => [name, said(v)]))}, t);
}

/** A value as it is told: of a bare key, which nobody reads, its beginning. */
function said(v: string | number): string | number {
  const [, date, time] = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d):\d\d UTC)?$/.exec(String(v)) ?? [];
  return !date ? typeof v === 'string' ? v.replace(/(did:(?:key|jwk):[\w-]{12})[\w-]{20,}(?:#[\w-]+)?/, '$1…') : v : day(date) + (time && date === new Date().toISOString().slice(0, 10) ? `, ${time} UTC` : '');
}

/** What is always said of an issuer whom no register was asked about, and is nothing to
 * be warned of. */
export function usual(code: string): boolean {
  return code === 'issuer-unregistered' || code === 'issuer-linked';
}

/** The rows of a report. */
export function checks(j: Judged): HTMLElement {
  const list = el('ol', {class: 'vchecks'});
  const first = decided(j) ?? noted(j)[0];
  for (const c of j.report.checks) {
    const hint = first && hintOf(c) === hintOf(first) ? undefined : hintOf(c); // that of the first is the next step
    const note = c.outcome === 'warn' && usual(codeOf(c));
    list.append(el('li', {class: `vcheck vcheck-${c.outcome}`, 'data-check': c.name, 'data-outcome': c.outcome, 'data-code': codeOf(c)},
      mark(note ? 'info' : c.outcome),
      el('div', {},
        el('p', {class: 'vcheck-head'}, el('strong', {}, t(`check.${c.name}`)), ' ', el('span', {class: 'vcheck-outcome'}, t(codeOf(c) === 'not-reached' || /^log-/.test(codeOf(c)) && c.outcome === 'skipped' ? 'outcome.not-reached' : `outcome.${c.outcome}`))),
        el('p', {class: 'vcheck-text'}, sentence(c)),
        hint && !note && el('p', {class: 'vcheck-text'}, t(`hint.${hint}`)),
        c.outcome !== 'pass' && c.outcome !== 'skipped' && !note && el('p', {class: 'vcheck-code', dir: 'ltr'}, el('code', {}, [codeOf(c), c.place].filter(Boolean).join(' ')), c.detail ? ` ${c.detail}` : ''))));
  }
  return list;
}

/** What a credential is shown with: where pictures of this site are, what was found of
 * files that it has digests of, what draws Markdown, and the rows of what is inside. */
interface How {
  image: (url: string) => string | undefined;
  files?: Compared | undefined;
  prose?: (text: string, level: number) => HTMLElement | undefined;
  checks?: (j: Judged) => HTMLElement;
}

/** What a credential says of itself, with what is inside of it. */
export function credential(j: Judged, how: How, level = 2): HTMLElement {
  const doc = j.doc!;
  const card = el('section', {class: 'vcard', 'aria-label': t('says')});
  const subject = firstSubject(doc);
  const achievement = objectOf(subject, 'achievement');
  const title = textOf(achievement?.name) || textOf(doc.name) || items(doc.type).filter(x => typeof x === 'string').at(-1) as string || t('untitled');
  const image = picture(objectOf(achievement, 'image') ?? achievement?.image, how.image) ??
    picture(doc.image, how.image);
  card.append(el('div', {class: 'vcard-head'},
    image && el('img', {src: image, alt: '', width: '96', height: '96', class: 'vcard-image'}),
    el('div', {},
      foreign(`h${level}`, safe(title), {class: 'vcard-title'}),
      textOf(achievement?.achievementType) && foreign('p', safe(label(textOf(achievement?.achievementType))), {class: 'eyebrow'}),
      longText('p', textOf(achievement?.description) || textOf(doc.description) || textOf(subject?.endorsementComment)))));
  const rows = facts(doc, subject, achievement);
  if (rows.childElementCount > 0) {
    card.append(rows);
  }
  const criteria = objectOf(achievement, 'criteria');
  const narrative = (of: Doc | undefined) => (how.prose ?? plain)(textOf(of?.narrative), level + 2);
  section(card, level, 'narrative', narrative(subject));
  section(card, level, 'criteria', narrative(criteria), link2(stringOf(criteria, 'id')));
  section(card, level, 'results', list(subject?.result, r => result(r, achievement)));
  section(card, level, 'evidence', list(doc.evidence, e => evidence(e, how.files?.get(stringOf(e, 'id')), doc, narrative(e))));
  section(card, level, 'alignments', list(achievement?.alignment, alignment));
  const contained = j.parts.filter(p => p.what === 'contained');
  const endorsements = j.parts.filter(p => p.what === 'endorsement');
  section(card, level, 'parts', inner(doc, contained.map(p => p.judged), how, level));
  section(card, level, 'endorsements', inner(doc, endorsements.map(p => p.judged), how, level));
  return card;
}

/** Credentials inside of another, each with its own verdict: those of a learner record
 * as a tree. */
function inner(of: Doc, list: Judged[], how: How, level: number): HTMLElement | undefined {
  const tree = (all: Branch[]): HTMLElement => el('ul', {class: 'vparts'}, ...all.flatMap(b => {
    const members = b.at.map(i => member(list[i]!, how, level));
    if (members.length === 0) {
      members.push(el('li', {}, foreign('strong', safe(b.name))));
    }
    if (b.parts.length > 0) {
      members.at(-1)!.append(tree(b.parts));
    }
    return members;
  }));
  return list.length === 0 ? undefined : tree(branches(of, list.map(j => j.doc)));
}

/** One of them: its name, verdict, date and results, and folded in all else. */
function member(j: Judged, how: How, level: number): HTMLElement {
  const why = decided(j);
  const subject = j.doc && firstSubject(j.doc);
  const achievement = objectOf(subject, 'achievement');
  const name = (j.doc && (textOf(achievement?.name) || textOf(j.doc.name))) || t('untitled');
  const awarded = j.doc ? stringOf(j.doc, 'awardedDate') : '';
  const results = items(subject?.result).filter(isObject).slice(0, 10).map(r => standing(r, achievement))
    .map(r => [r.name, r.text].filter(Boolean).join(': '));
  const said = [awarded && day(awarded), ...results].filter(Boolean).map(text => foreign('span', safe(text)));
  return el('li', {'data-verdict': j.report.verdict}, el('details', {},
    el('summary', {}, mark(j.report.verdict), ' ', foreign('span', safe(name)), ' – ', verdictWord(j.report.verdict),
      said.length > 0 && el('span', {class: 'meta'}, ...said)),
    why && el('p', {class: 'vcheck-text'}, sentence(why)),
    j.doc && credential(j, {...how, files: undefined}, Math.min(level + 1, 5)),
    how.checks?.(j)));
}

function facts(doc: Doc, subject: Doc | undefined, achievement: Doc | undefined): HTMLElement {
  const list = el('dl', {class: 'vfacts'});
  const row = (key: string, ...values: Child[]) => {
    if (values.some(v => v !== undefined && v !== false && v !== '')) {
      list.append(el('div', {}, el('dt', {}, t(`fact.${key}`)), el('dd', {}, ...values)));
    }
  };
  const issuer = isObject(doc.issuer) ? doc.issuer : undefined;
  const issuerID = idOf(doc.issuer);
  const name = subjectName(subject);
  row(hasType(doc, 'EndorsementCredential') ? 'endorses' : 'to', name ? foreign('strong', safe(name)) : undefined, !name && !isMadeUp(stringOf(subject, 'id')) && code(stringOf(subject, 'id')));
  row('by', textOf(issuer?.name) && foreign('strong', safe(textOf(issuer?.name))), ' ', (hostOf(issuerID) !== issuerID || !textOf(issuer?.name)) && code(hostOf(issuerID)));
  const awarded = stringOf(doc, 'awardedDate');
  const from = stringOf(doc, 'validFrom') || stringOf(doc, 'issuanceDate');
  const until = stringOf(doc, 'validUntil') || stringOf(doc, 'expirationDate');
  row('awarded', awarded && time(awarded));
  row('from', from && time(from));
  row('until', until && time(until));
  row('period', time2(stringOf(subject, 'activityStartDate'), stringOf(subject, 'activityEndDate')));
  row('credits', typeof subject?.creditsEarned === 'number' && number(subject.creditsEarned));
  row('role', foreignText(stringOf(subject, 'role')));
  row('term', foreignText(stringOf(subject, 'term')));
  row('license', foreignText(stringOf(subject, 'licenseNumber')));
  row('field', foreignText(stringOf(achievement, 'fieldOfStudy')));
  if (hasType(doc, 'BitstringStatusListCredential')) {
    row('purpose', foreignText(items(subject?.statusPurpose).filter(p => typeof p === 'string').join(', ')));
  }
  return list;
}

/** Says a term of an enumeration in the theme's words, where it has one for it, else
 * turns "CertificateOfCompletion" or "ext:ESCOSkill" into words: "Certificate of
 * Completion", "ESCO Skill". */
export function label(term: string): string {
  const word = t(`term.${term}`);
  return word !== `term.${term}` ? word : term.replace(/^[^:]*:/, '').replace(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu, ' ').replaceAll(' Of ', ' of ');
}

function time(iso: string): HTMLElement {
  return el('time', {datetime: iso}, day(iso));
}

function time2(from: string, to: string): HTMLElement | undefined {
  return from || to ? el('span', {}, from && time(from), ' – ', to && time(to)) : undefined;
}

function code(s: string): HTMLElement | undefined {
  return s ? el('code', {dir: 'ltr'}, safe(s)) : undefined;
}

function foreignText(s: string): HTMLElement | undefined {
  return s ? foreign('span', safe(s)) : undefined;
}

/** Long text of a stranger, with its line breaks and without invisible signs. */
function longText(tag: string, s: string): HTMLElement | undefined {
  const text = trim(drop(s.slice(0, 20000)));
  return text ? foreign(tag, text, {class: 'vlong'}) : undefined;
}

function plain(text: string): HTMLElement | undefined {
  return longText('div', text);
}

function section(card: HTMLElement, level: number, key: string, ...children: (HTMLElement | undefined)[]): void {
  const there = children.filter((c): c is HTMLElement => c !== undefined);
  if (there.length > 0) {
    card.append(el('div', {class: 'vsection'}, el(`h${Math.min(level + 1, 6)}`, {}, t(`section.${key}`)), ...there));
  }
}

function link2(url: string): HTMLElement | undefined {
  return url ? el('p', {}, link(url, safe(url))) : undefined;
}

function list(v: Value | undefined, show: (o: Doc) => HTMLElement | undefined): HTMLElement | undefined {
  const found = items(v).filter(isObject).slice(0, 100).map(show).filter(e => e !== undefined);
  return found.length > 0 ? el('ul', {class: 'vlist'}, ...found) : undefined;
}

function result(r: Doc, achievement: Doc | undefined): HTMLElement | undefined {
  const {name, text, meaning} = standing(r, achievement);
  return text + meaning === '' ? undefined : el('li', {}, foreign('strong', safe(name || t('result'))), ': ', foreign('span', safe(text)), longText('p', meaning));
}

function evidence(e: Doc, file: 'same' | 'differs' | undefined, doc: Doc, narrative: HTMLElement | undefined): HTMLElement | undefined {
  const url = stringOf(e, 'id');
  const name = textOf(e.name) || url || t('evidence');
  if (!url && !textOf(e.name) && !textOf(e.description) && !narrative) {
    return undefined;
  }
  const resource = items(doc.relatedResource).filter(isObject).find(r => stringOf(r, 'id') === url);
  return el('li', {}, url ? link(url, safe(name)) : foreign('strong', safe(name)),
    resource && file && el('p', {class: `vfile vfile-${file}`}, mark(file === 'same' ? 'pass' : 'fail'), ' ', t(`reason.file-${file}`, {file: safe(nameOf(resource))})),
    longText('p', textOf(e.description)), narrative);
}

function alignment(a: Doc): HTMLElement | undefined {
  const code = stringOf(a, 'targetCode');
  return textOf(a.targetName) + stringOf(a, 'targetUrl') === '' ? undefined : el('li', {}, link(stringOf(a, 'targetUrl'), safe(textOf(a.targetName) || stringOf(a, 'targetUrl'))),
    stringOf(a, 'targetFramework') !== '' && foreign('span', ` – ${safe(stringOf(a, 'targetFramework'))}`),
    code !== '' && foreign('span', ` (${safe(code)})`), longText('p', textOf(a.targetDescription)));
}

/** The address of a picture that may be shown: data: PNG or JPEG, or a file of
 * this site. */
function picture(v: Value | undefined, own: (url: string) => string | undefined): string | undefined {
  const url = idOf(v);
  if (/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/.test(url) && url.length < 2_000_000) {
    return url;
  }
  return url.startsWith('https://') ? own(url) : undefined;
}
