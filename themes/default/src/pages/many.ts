// Many files at once: judges them one after the other, lists what was found, and opens
// the report of each. Rows are text; of files only handles are kept.

import {gather, maxFiles, type Source} from './batch';
import {el, foreign} from './dom';
import type {Network} from './network';
import {compareFiles} from './related';
import {csv, fileName, rowOfNone, rowsOf, type Row} from './row';
import {mark} from './show';
import {save} from './take';
import {addVerdicts, day, moment, t} from './words';
import {safe} from '../verifier/characters';
import {maxImage} from '../verifier/constants';
import type {Judged, Place} from '../verifier/judged';
import {Report, result, sayResult, type Verdict} from '../verifier/report';
import {idOf, stringOf} from '../verifier/text';
import type {Verifier} from '../verifier/verify';

/** One of many, to be shown in full. */
export interface Opened {
  bytes: Uint8Array;
  /** What was found without looking into it. */
  judged?: Judged;
  /** Which of several in it. */
  item?: string;
  picture?: Blob;
  place?: Place;
  /** A file that came with it, by the name of a copy of it. */
  atHand: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The moment that all are judged at. */
  now: Date;
  /** What leads back to the list. */
  bar: HTMLElement;
  /** Takes note that some hosts may be asked now. */
  granted(hosts: string[]): void;
}

/** What the page does for the list. */
interface Host {
  out: HTMLElement;
  live: HTMLElement;
  network: Network;
  verifier(now: Date): Verifier;
  /** Tells whether a file is or may hold a credential. */
  isClaim(bytes: Uint8Array): Promise<boolean>;
  /** A question whether some hosts may be asked; go is called when they may. */
  ask(hosts: string[], go: () => void): HTMLElement;
  open(one: Opened): Promise<void>;
  /** Forgets a report that is not shown yet. */
  close(): void;
}

/** A file that was judged, or is to be. */
interface Item {
  source: Source;
  /** Which of several in the file. */
  item: string | undefined;
  row: Row;
  tr: HTMLElement;
  /** Hosts that would have to be asked. */
  wanted: string[];
}

addVerdicts(); // this script has a table of words of its own

type Show = 'all' | Verdict;

const verdicts: Verdict[] = ['valid', 'invalid', 'undetermined'];
const worstFirst = ['invalid', 'undetermined', '', 'valid'];
/** The columns, with the words over them. */
const headings = {
  file: 'many.file', verdict: 'many.verdict', who: 'many.who', what: 'many.what', by: 'many.by', dates: 'many.dates', reason: 'many.reason',
};
type Heading = keyof typeof headings;

const logFile = 'log.json';
const maxEvidence = 2 << 20;

export class Many {
  private readonly now = new Date();
  private readonly gone = new AbortController();
  private readonly items: Item[] = [];
  private readonly left: {source: Source; why: string}[] = [];
  private readonly asked = new Set<string>();
  private readonly failed = new Set<string>();
  private readonly known = new Map<string, string>();
  private readonly numbers = new Map<Show, HTMLElement>();
  private readonly filters = new Map<Show, HTMLButtonElement>();
  private queue: Source[] = [];
  private files = 0;
  private done = 0;
  private stopped = false;
  private running = false;
  private shown: Show = 'all';
  private sorted: {by: Heading; down: boolean} | undefined;
  /** The row whose report is open. */
  private opened: Item | undefined;
  /** Hosts that may be asked since a report was open. */
  private granted: string[] = [];
  /** What is judged now: a report that is opened waits for it, and it for that. */
  private turn: Promise<unknown> = Promise.resolve();

  private readonly title = el('h2', {id: 'many', tabindex: '-1'});
  private readonly bar = el('progress', {'aria-labelledby': 'many-count'}) as HTMLProgressElement;
  private readonly count = el('span', {id: 'many-count'});
  private readonly stopButton = button(t('many.stop'), () => this.stop());
  private readonly csvButton = button(t('many.csv'), () => this.export());
  private readonly progress = el('div', {class: 'vmany-progress'}, this.bar, this.count, this.stopButton);
  private readonly notes = el('div', {class: 'vmany-notes'});
  private readonly body = el('tbody', {role: 'rowgroup'});
  private readonly heads = new Map<Heading, HTMLElement>();
  private readonly tools = el('div', {class: 'vmany-tools', hidden: ''});
  private readonly table = el('div', {class: 'vmany-table', hidden: ''});
  private readonly leftOut = el('details', {class: 'vmany-left', hidden: ''}) as HTMLDetailsElement;
  private readonly who = el('p', {class: 'hint'});
  private readonly when = el('p', {class: 'vmany-when'});
  private readonly root = el('section', {class: 'vmany', 'aria-labelledby': 'many'}, this.title, this.when, this.progress, this.tools, this.notes, this.leftOut, this.table, this.who);

  constructor(private readonly host: Host) {
    this.draw();
  }

  /** Lists what was handed in, and judges it. */
  async start(files: File[], folders: FileSystemEntry[]): Promise<void> {
    const {signal} = this.gone;
    this.host.network.kept = new Map();
    this.title.textContent = t('many.reading');
    this.when.textContent = t('many.when', {when: moment(this.now.getTime())});
    this.bar.removeAttribute('value');
    this.stopButton.hidden = true;
    addEventListener('popstate', e => this.follow(e.state), {signal});
    this.back(false);
    this.title.focus();
    this.root.scrollIntoView({block: 'start'});
    const batch = await gather(files, folders, signal, n => {
      this.count.textContent = String(n);
    }).catch(() => undefined);
    if (!batch || signal.aborted) {
      return;
    }
    // What says where a credential is in the log is none itself.
    this.queue = batch.sources.filter(s => {
      const place = !s.problem && baseName(s.name) === logFile;
      if (place && s.archive) {
        s.archive.todo--;
      }
      return !place;
    });
    this.files = this.queue.length;
    if (batch.more) {
      this.notes.append(note(t('many.most', {n: maxFiles})));
    }
    this.host.live.textContent = t('many.busy', {n: this.files});
    await this.run();
  }

  /** Something else was handed in. */
  leave(): void {
    this.gone.abort();
  }

  private async run(): Promise<void> {
    const {signal} = this.gone;
    const verifier = this.host.verifier(this.now);
    this.stopped = false;
    this.running = true;
    this.update();
    for (let told = 0; this.queue.length > 0 && !this.stopped && !signal.aborted;) {
      const source = this.queue.shift()!;
      await this.alone(() => this.judge(source, verifier));
      this.done++;
      this.update();
      const quarter = Math.floor(4 * this.done / this.files);
      if (quarter > told && this.queue.length > 0) {
        told = quarter;
        this.host.live.textContent = this.count.textContent;
      }
      await breath();
    }
    this.running = false;
    if (!signal.aborted) {
      this.finish();
    }
  }

  /** Does one thing after the other: hosts that are wanted, and those that were asked,
   * are those of what is judged. */
  private alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async judge(source: Source, verifier: Verifier, item?: Item): Promise<void> {
    const {network} = this.host;
    network.wanted.clear();
    network.asked = [];
    network.failed.clear();
    const bytes = source.problem ? new Uint8Array() : await source.read().catch((e: unknown) => e);
    const list = source.problem ? [notRead(...source.problem)] :
      !(bytes instanceof Uint8Array) ? [notRead('input-unreadable', bytes instanceof Error ? bytes.message : '')] : // moved in the meantime
        bytes.length > maxImage ? [notRead('input-too-large', '')] : await verifier.all(bytes, placeOf(source));
    const claim = !!item || !!source.problem || !(bytes instanceof Uint8Array) || list.some(j => j.report.verdict !== 'undetermined') || await this.host.isClaim(bytes);
    if (!item) {
      this.counted(source, claim);
    }
    if (!claim) {
      this.left.push({source, why: sayResult(list[0]!.report.decisive(), t)});
      return;
    }
    list.filter(j => j.report.verdict !== 'invalid').forEach(j => network.foresee(j.doc));
    network.asked.forEach(name => this.asked.add(name));
    network.failed.forEach(name => this.failed.add(name));
    const wanted = list.some(j => j.report.verdict === 'undetermined') ? [...network.wanted] : [];
    const made: Item[] = [];
    for (const judged of list) {
      const files = await compareFiles(judged, (_, name) => fileBeside(source, name));
      for (const {row, judged: one} of rowsOf(fileName(source.name) + (judged.item ?? ''), judged, files)) {
        const tr = el('tr', {role: 'row'});
        const next: Item = {source, item: judged.item, row, tr, wanted: made.length === 0 ? wanted : []};
        fill(tr, row, item ? undefined : this.sameAs(one, row));
        tr.hidden = this.shown !== 'all' && row.verdict !== this.shown;
        listen(tr, () => void this.open(next));
        made.push(next);
      }
    }
    if (!item) {
      this.items.push(...made);
      this.body.append(...made.map(m => m.tr));
      return;
    }
    const before = this.items.filter(i => i.source === source);
    before[0]!.tr.before(...made.map(m => m.tr));
    before.forEach(i => i.tr.remove());
    this.items.splice(this.items.indexOf(before[0]!), before.length, ...made);
    this.opened = this.opened?.source === source ? made.find(m => m.row.file === this.opened!.row.file) ?? made[0]! : this.opened;
  }

  /** Of an archive without a credential there is a row that says so. */
  private counted({archive}: Source, claim: boolean): void {
    if (archive) {
      archive.found ||= claim;
      if (--archive.todo === 0 && !archive.found) {
        this.queue.unshift(archive.empty);
        this.files++;
      }
    }
  }

  /** The file that had the same credential before, with the same answer. */
  private sameAs({doc, report}: Judged, {file, code}: Row): string | undefined {
    const key = doc && stringOf(doc, 'id') && JSON.stringify([idOf(doc.issuer), stringOf(doc, 'id'), report.verdict, code.startsWith('carrier-') ? '' : code]);
    if (!key || report.verdict === 'undetermined') {
      return undefined;
    }
    const before = this.known.get(key);
    this.known.set(key, before ?? file);
    return before;
  }

  // What is shown.

  private draw(): void {
    for (const show of ['all', ...verdicts] as Show[]) {
      const number = el('span', {class: 'vmany-number'}, '0');
      const b = button('', () => this.filter(show), 'vmany-filter');
      b.append(show === 'all' ? '' : mark(show), number, ' ', t(show === 'all' ? 'many.all' : `verdict.${show}`));
      b.setAttribute('aria-pressed', String(show === 'all'));
      this.numbers.set(show, number);
      this.filters.set(show, b);
    }
    this.tools.append(el('div', {class: 'vmany-filters', role: 'group', 'aria-label': t('many.show')}, ...this.filters.values()), this.csvButton);
    const row = el('tr', {role: 'row'});
    for (const by of Object.keys(headings) as Heading[]) {
      const head = el('th', {scope: 'col', role: 'columnheader', class: `vmany-${by}`}, button(t(headings[by]), () => this.sort(by), 'vmany-sort'));
      this.heads.set(by, head);
      row.append(head);
    }
    this.table.append(el('table', {role: 'table', 'aria-labelledby': 'many'}, el('thead', {role: 'rowgroup'}, row), this.body));
  }

  /** Numbers, headings and what is at hand, as things stand. */
  private update(): void {
    const counts = new Map<Show, number>([['all', this.items.length]]);
    for (const {row} of this.items) {
      counts.set(row.verdict as Verdict, (counts.get(row.verdict as Verdict) ?? 0) + 1);
    }
    for (const [show, number] of this.numbers) {
      const n = counts.get(show) ?? 0;
      number.textContent = String(n);
      this.filters.get(show)!.disabled = n === 0 && show !== 'all';
    }
    this.tools.hidden = this.table.hidden = this.items.length === 0;
    this.stopButton.hidden = false;
    this.progress.hidden = !this.running && this.queue.length === 0;
    this.csvButton.disabled = this.running;
    this.bar.max = Math.max(this.files, 1);
    this.bar.value = this.done;
    this.count.textContent = t('many.progress', {done: this.done, n: this.files});
    this.stopButton.textContent = t(this.running ? 'many.stop' : 'many.go');
    this.title.textContent = this.running ? t('many.busy', {n: this.files}) :
      this.items.length === 0 ? t('many.none') :
        t(this.queue.length > 0 ? 'many.stopped' : 'many.done', {n: this.items.length});
  }

  private summary(): string {
    return t('many.count', Object.fromEntries([...this.numbers].map(([show, number]) => [show, number.textContent])));
  }

  private finish(): void {
    this.update();
    this.listLeft();
    this.offer();
    if (this.sorted) {
      this.order();
    }
    if (this.opened) {
      return;
    }
    if (this.items.length === 1 && this.queue.length === 0) {
      void this.open(this.items[0]!, false);
      return;
    }
    this.host.live.textContent = `${this.title.textContent} ${this.items.length > 0 ? this.summary() : ''}`;
  }

  private listLeft(): void {
    this.leftOut.hidden = this.left.length === 0;
    this.leftOut.open = this.items.length === 0;
    this.leftOut.replaceChildren(
      el('summary', {}, t('many.left', {n: this.left.length})),
      el('p', {class: 'hint'}, t('many.left.text')),
      el('ul', {}, ...this.left.map(({source, why}) => el('li', {}, foreign('strong', fileName(source.name)), ' – ', why, ' ',
        button(t('many.alone'), () => void this.show(source), 'vmany-alone')))));
    for (const b of this.leftOut.querySelectorAll<HTMLElement>('.vmany-alone')) {
      b.setAttribute('aria-label', `${b.textContent}: ${b.closest('li')!.querySelector('strong')!.textContent}`);
    }
  }

  /** Asks for what would have to be asked, and says who was asked. */
  private offer(): void {
    this.notes.querySelectorAll('.vask, .vmany-failed').forEach(e => e.remove());
    const hosts = [...new Set(this.items.flatMap(i => i.wanted))].sort();
    if (hosts.length > 0) {
      this.notes.append(this.host.ask(hosts, () => void this.again(hosts)));
    }
    if (this.failed.size > 0) {
      this.notes.append(note(t('ask.failed', {host: [...this.failed].map(name => safe(name)).join(', ')}), 'vmany-failed'));
    }
    const asked = [...this.asked].map(name => safe(name)).join(', ');
    this.who.textContent = asked ? t('many.asked', {what: asked}) : t('many.asked.none');
  }

  /** Judges those anew that wanted what may be asked now. */
  private async again(hosts: string[]): Promise<void> {
    const {signal} = this.gone;
    const waiting = this.items.filter(i => i.wanted.some(host => hosts.includes(host)));
    const verifier = this.host.verifier(this.now);
    this.failed.clear();
    this.notes.querySelectorAll('.vask, .vmany-failed').forEach(e => e.remove());
    [this.files, this.done, this.running, this.stopped] = [waiting.length, 0, true, false];
    this.title.focus();
    for (const item of waiting) {
      this.update();
      if (this.stopped || signal.aborted) {
        break;
      }
      await this.alone(() => this.judge(item.source, verifier, item));
      this.done++;
      await breath();
    }
    this.running = false;
    if (!signal.aborted) {
      this.finish();
    }
  }

  private stop(): void {
    if (this.running) {
      this.stopped = true;
    } else {
      void this.run();
    }
  }

  private filter(show: Show): void {
    this.shown = this.shown === show ? 'all' : show;
    for (const [name, b] of this.filters) {
      b.setAttribute('aria-pressed', String(name === this.shown));
    }
    for (const {row, tr} of this.items) {
      tr.hidden = this.shown !== 'all' && row.verdict !== this.shown;
    }
    this.host.live.textContent = this.filters.get(this.shown)!.textContent;
  }

  private sort(by: Heading): void {
    this.sorted = {by, down: this.sorted?.by === by && !this.sorted.down};
    for (const [name, head] of this.heads) {
      if (name === by) {
        head.setAttribute('aria-sort', this.sorted.down ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    }
    this.order();
  }

  private order(): void {
    const {by, down} = this.sorted!;
    const text = ({row}: Item): string => by === 'dates' ? row.awarded || row.from : by === 'verdict' ? String(worstFirst.indexOf(row.verdict)) : row[by];
    const {compare} = new Intl.Collator(document.documentElement.lang || undefined, {numeric: true});
    const order = this.items.map((item, i) => ({item, i})).sort((a, b) => (down ? -1 : 1) * compare(text(a.item), text(b.item)) || a.i - b.i);
    this.body.append(...order.map(({item}) => item.tr));
  }

  /** The rows as they stand on the page. */
  private visible(): Item[] {
    const byRow = new Map(this.items.map(item => [item.tr, item]));
    return [...this.body.children].map(tr => byRow.get(tr as HTMLElement)!).filter(item => !item.tr.hidden || item === this.opened);
  }

  private export(): void {
    const waiting = this.queue.map(source => rowOfNone(fileName(source.name), t('many.unchecked')));
    save(csv([...this.items.map(i => i.row), ...waiting]), `laurel-${this.now.toISOString().slice(0, 10)}.csv`);
  }

  // One of them in full, and back.

  private async open(item: Item, push = true): Promise<void> {
    const at = this.items.indexOf(item);
    if (push) {
      history[this.opened ? 'replaceState' : 'pushState']({...history.state, many: at}, '');
    }
    this.opened = item;
    await this.show(item.source, item);
  }

  /** Shows what is in a file in full. */
  private async show(source: Source, item?: Item): Promise<void> {
    await this.alone(async () => {
      const bytes = source.problem ? new Uint8Array() : await source.read(maxImage).catch(() => new Uint8Array());
      if (this.gone.signal.aborted) {
        return;
      }
      await this.host.open({
        bytes, ...(source.problem ? {judged: notRead(...source.problem)} : {}), ...(item?.item ? {item: item.item} : {}), ...(item ? {} : {picture: new Blob([bytes])}), place: placeOf(source), now: this.now, bar: this.barOf(source, item),
        atHand: name => fileBeside(source, name), granted: hosts => this.granted.push(...hosts),
      });
    });
  }

  private barOf(source: Source, item: Item | undefined): HTMLElement {
    const list = this.visible();
    const at = item ? list.indexOf(item) : -1;
    const step = (by: number, word: string) => {
      const b = button(t(word), () => void this.open(list[at + by]!));
      b.disabled = !list[at + by];
      return b;
    };
    return el('nav', {class: 'vmany-bar', 'aria-label': t('many.back')},
      button(t('many.back'), () => this.leaveReport()),
      el('p', {}, foreign('strong', item?.row.file ?? fileName(source.name)), at >= 0 && el('span', {}, t('many.at', {i: at + 1, n: list.length}))),
      at >= 0 && list.length > 1 && el('span', {class: 'vmany-steps'}, step(-1, 'many.previous'), step(1, 'many.next')));
  }

  private leaveReport(): void {
    if (history.state?.many !== undefined) {
      history.back(); // shows the list
    } else {
      this.back();
    }
  }

  /** The visitor went back or forth in the browser's history. */
  private follow(state: unknown): void {
    const at = (state as {many?: number} | null)?.many;
    const item = at === undefined ? undefined : this.items[at];
    if (item) {
      this.opened = item;
      void this.show(item.source, item);
    } else if (this.host.out.firstElementChild !== this.root) {
      this.back();
    }
  }

  private back(focus = true): void {
    const item = this.opened;
    this.opened = undefined;
    this.host.close();
    this.host.out.replaceChildren(this.root);
    this.host.out.hidden = false;
    if (focus) {
      const target = item?.tr.querySelector<HTMLElement>('.vmany-open') ?? this.title;
      target.focus({preventScroll: true});
      target.scrollIntoView({block: 'center'});
    }
    if (this.granted.length > 0 && !this.running) {
      void this.again(this.granted.splice(0));
    }
  }
}

/** Fills a row of the list; same is the file that had this credential before. */
function fill(tr: HTMLElement, row: Row, same: string | undefined): void {
  const cell = (name: Heading, ...parts: (Node | string | undefined | false)[]) =>
    el('td', {role: 'cell', class: `vmany-${name}`, 'data-label': t(headings[name])}, ...parts);
  const folder = /^.*\//.exec(row.file)?.[0] ?? '';
  const host = / (\([^() ]+\))$/.exec(row.by)?.[1] ?? '';
  tr.dataset.verdict = row.verdict;
  tr.append(
    el('th', {scope: 'row', role: 'rowheader', class: 'vmany-file'},
      el('button', {type: 'button', class: 'vmany-open', dir: 'auto'}, folder && el('span', {class: 'vmany-folder'}, folder), row.file.slice(folder.length)),
      same !== undefined && el('span', {class: 'vmany-more vmany-same'}, t('many.same', {file: same}))),
    cell('verdict', el('span', {class: `vmany-word vmany-word-${row.verdict}`}, mark(row.verdict), ' ', t(`verdict.${row.verdict}`))),
    cell('who', row.who && foreign('span', row.who)),
    cell('what', row.what && foreign('span', row.what)),
    cell('by', row.by && foreign('span', row.by.slice(0, row.by.length - host.length)), host && el('span', {class: 'vmany-more', dir: 'ltr'}, host)),
    cell('dates', (row.awarded || row.from) && el('span', {}, day(row.awarded || row.from)),
      row.until && el('span', {class: 'vmany-more'}, t('many.until', {date: day(row.until)}))),
    cell('reason', row.reason && el('span', {...(t('language') === 'en' ? {lang: 'en', dir: 'ltr'} : {}), class: row.fit === 'no' ? 'vmany-unfit' : undefined}, row.reason)));
}

function button(text: string, act: () => void, kind = 'button'): HTMLButtonElement {
  const b = el('button', {type: 'button', class: kind}, text) as HTMLButtonElement;
  b.addEventListener('click', act);
  return b;
}

function note(text: string, more = ''): HTMLElement {
  return el('p', {class: `vmany-note ${more}`.trim()}, text);
}

/** A click anywhere in a row opens it, but where text is being marked. */
function listen(tr: HTMLElement, act: () => void): void {
  tr.addEventListener('click', () => {
    if (getSelection()?.isCollapsed !== false) {
      act();
    }
  });
}

/** The answer about a file that is not looked into. */
function notRead(reason: 'input-too-large' | NonNullable<Source['problem']>[0], detail: string): Judged {
  const report = new Report();
  report.set('structure', {...result('unknown', reason), detail: safe(detail)});
  return {report, parts: []};
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function placeOf(source: Source): Place {
  return async () => source.beside(logFile)?.read();
}

/** A file that lies beside another: in a folder evidence, under its own name, or with
 * that before the name, as laurel deliver and the pages write them. */
async function fileBeside(source: Source, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  for (const path of [`evidence/${name}`, name, `evidence-${name}`]) {
    const found = name && source.beside(path);
    if (found && found !== source) {
      return found.read(maxEvidence);
    }
  }
  return undefined;
}

/** Lets the page draw and hear before the next one. */
function breath(): Promise<void> {
  return new Promise(resolve => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(0);
  });
}
