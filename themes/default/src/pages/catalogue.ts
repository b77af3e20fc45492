// The catalogue: what of it is shown stands in the address, where any page can link to
// it (see catalogue.go). Each row says what it is in its data-is, in the form of the
// address. A page with many rows has the first of them, and the address of the page that
// has all: it is read when something is looked for. Without this, both pages show what
// they have.

import {el} from './dom.js';
import {addWords, t} from './words.js';

/** The kinds of choices, each a name in the address. */
const facets = ['type', 'skill', 'tag', 'language', 'level'] as const;

interface Row {
  element: HTMLElement;
  is: URLSearchParams;
  text: string;
}

/** What the address says. */
interface State {
  query: string;
  page: number;
  chosen: Map<string, string[]>;
}

const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const spaced = (slug: string) => slug.replaceAll('-', ' ');

function rowOf(element: HTMLElement): Row {
  const is = new URLSearchParams(element.dataset['is']);
  return {element, is, text: plain([element.textContent, ...is.getAll('skill').map(spaced), ...is.getAll('tag')].join(' '))};
}

function read(): State {
  const address = new URLSearchParams(location.search);
  return {
    query: address.get('q') ?? '', page: Math.max(1, Math.trunc(Number(address.get('page'))) || 1),
    chosen: new Map(facets.map(f => [f, [...new Set(address.getAll(f))]])),
  };
}

/** The address of a state, from this page. */
function address(s: State): string {
  const params = new URLSearchParams();
  for (const [name, values] of s.chosen) {
    values.forEach(v => params.append(name, v));
  }
  if (s.query.trim()) {
    params.set('q', s.query.trim());
  }
  if (s.page > 1) {
    params.set('page', String(s.page));
  }
  return `${location.pathname}${params.size > 0 ? `?${params}` : ''}#achievements`;
}

const narrowed = (s: State) => s.query.trim() !== '' || [...s.chosen.values()].some(v => v.length > 0);

/** The rows that fit a state, but for one kind of choice. */
function fitting(rows: Row[], s: State, but = ''): Row[] {
  const words = plain(s.query).split(/\s+/).filter(Boolean);
  const chosen = [...s.chosen].filter(([name, values]) => name !== but && values.length > 0);
  return rows.filter(r => words.every(w => r.text.includes(w))
    && chosen.every(([name, values]) => r.is.getAll(name).some(v => values.includes(v))));
}

class Catalogue {
  private readonly rows: Row[];
  private readonly total: number;
  private readonly perPage: number;
  private readonly list: HTMLElement;
  private readonly query: HTMLInputElement | null;
  private readonly boxes: HTMLInputElement[];
  private all: Promise<void> | undefined;
  private state = read();
  private turn = 0;

  constructor(private readonly root: HTMLElement) {
    this.list = this.find('list')!;
    this.query = this.find('query');
    this.rows = [...this.list.children].map(e => rowOf(e as HTMLElement));
    this.total = Number(root.dataset['catalogue']);
    this.perPage = Number(this.list.dataset['list']) || Infinity;
    this.boxes = [...root.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  }

  private find<E extends HTMLElement>(name: string): E | null {
    return this.root.querySelector<E>(`[data-${name}]`);
  }

  start(): void {
    this.query?.addEventListener('input', () => void this.go({...this.state, query: this.query!.value, page: 1}, 'replace'));
    for (const box of this.boxes) {
      box.addEventListener('change', () => void this.choose(box.name, box.value, box.checked));
    }
    addEventListener('popstate', () => {
      this.state = read();
      void this.show();
    });
    // Who comes near will look for something.
    for (const event of ['pointerover', 'focusin']) {
      this.root.addEventListener(event, () => void this.load(), {once: true, passive: true});
    }
    void this.show();
  }

  private choose(name: string, value: string, on: boolean): Promise<void> {
    const values = (this.state.chosen.get(name) ?? []).filter(v => v !== value);
    return this.go({...this.state, page: 1, chosen: new Map(this.state.chosen).set(name, on ? [...values, value] : values)}, 'push');
  }

  /** Shows another state, and puts it in the address: beside the one before, or in its
   * place. */
  private go(s: State, how: 'push' | 'replace'): Promise<void> {
    this.state = s;
    try {
      history[`${how}State`](null, '', address(s));
    } catch {
      // Browsers bear only so many in a while: what is typed next is put there.
    }
    return this.show();
  }

  /** Reads the rows that this page does not have. If that fails it is tried anew when
   * something is looked for next. */
  private load(): Promise<void> {
    const link = this.find<HTMLAnchorElement>('all');
    if (!link || this.rows.length >= this.total) {
      return Promise.resolve();
    }
    return this.all ??= this.fetch(link.href).catch(() => {
      this.all = undefined;
    });
  }

  private async fetch(url: string): Promise<void> {
    const answer = await fetch(url);
    if (!answer.ok) {
      throw new Error(String(answer.status));
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const here = this.rows.length;
    const found = [...page.querySelectorAll<HTMLElement>('[data-is]')].slice(here).map(e => document.importNode(e, true));
    for (const element of found) {
      // Its links are seen from the page that it was read from.
      for (const name of ['href', 'src']) {
        element.querySelectorAll(`[${name}]`).forEach(e => e.setAttribute(name, new URL(e.getAttribute(name)!, url).href));
      }
    }
    this.rows.push(...found.map(rowOf));
  }

  /** Puts on the page what the state says. */
  private async show(): Promise<void> {
    const turn = ++this.turn;
    const s = this.state;
    if (narrowed(s) || s.page > 1) {
      this.root.ariaBusy = 'true';
      await this.load();
      this.root.ariaBusy = null;
    }
    if (turn !== this.turn) {
      return;
    }
    const whole = !narrowed(s);
    const fits = whole ? this.rows : fitting(this.rows, s);
    const count = whole ? this.total : fits.length;
    const pages = Math.max(1, Math.ceil(count / this.perPage));
    s.page = Math.min(s.page, pages);
    const from = s.page > 1 ? (s.page - 1) * this.perPage : 0;
    const shown = fits.slice(from, from + this.perPage).map(r => r.element);
    if (shown.length !== this.list.children.length || shown.some((e, i) => e !== this.list.children[i])) {
      this.list.replaceChildren(...shown);
    }
    this.find('empty')!.hidden = count > 0;
    this.find('count')!.textContent = whole ? numbers.format(this.total) : t('count', {n: numbers.format(count), total: numbers.format(this.total)});
    if (this.query && this.query.value.trim() !== s.query.trim()) {
      this.query.value = s.query;
    }
    this.tally(s);
    this.chips(s);
    this.pager(s, pages);
  }

  /** Says for each box how many there are, as far as the other choices allow. */
  private tally(s: State): void {
    for (const name of new Set(this.boxes.map(b => b.name))) {
      const counts = new Map<string, number>();
      for (const row of this.rows.length < this.total ? [] : fitting(this.rows, s, name)) {
        for (const value of new Set(row.is.getAll(name))) {
          counts.set(value, (counts.get(value) ?? 0) + 1);
        }
      }
      for (const box of this.boxes.filter(b => b.name === name)) {
        box.checked = s.chosen.get(name)?.includes(box.value) ?? false;
        if (this.rows.length >= this.total) {
          const n = counts.get(box.value) ?? 0;
          box.disabled = n === 0 && !box.checked;
          box.parentElement!.querySelector('.count')!.textContent = numbers.format(n);
        }
        if (box.checked) {
          box.closest('details')!.open = true;
        }
      }
    }
  }

  /** Shows each choice, with a button that takes it back. */
  private chips(s: State): void {
    const chips = [...s.chosen].flatMap(([name, values]) => values.map(value => {
      const box = this.boxes.find(b => b.name === name && b.value === value);
      const label = box?.parentElement?.querySelector('bdi')?.textContent ?? (name === 'skill' || name === 'level' ? spaced(value) : value);
      const chip = el('button', {type: 'button', 'aria-label': t('remove', {name: label})}, el('bdi', {}, label));
      chip.addEventListener('click', async () => {
        const place = [...this.find('chosen')!.children].indexOf(chip);
        await this.choose(name, value, false);
        const left = this.find('chosen')!.children;
        ((left[Math.min(place, left.length - 2)] ?? this.query ?? this.heading()) as HTMLElement).focus();
      });
      return chip;
    }));
    const clear = el('button', {type: 'button', class: 'clear'}, t('clear'));
    clear.addEventListener('click', async () => {
      await this.go({query: '', page: 1, chosen: new Map()}, 'push');
      (this.query ?? this.heading()).focus();
    });
    this.find('chosen')!.replaceChildren(...chips, ...(chips.length > 0 ? [clear] : []));
    const told = this.find('number');
    if (told) {
      told.textContent = chips.length > 0 ? numbers.format(chips.length) : '';
    }
  }

  private heading(): HTMLElement {
    const heading = this.root.querySelector('h2')!;
    heading.tabIndex = -1;
    return heading;
  }

  /** Makes the links to the pages: the first, the last and those about this one. */
  private pager(s: State, pages: number): void {
    const nav = this.find('pager');
    if (!nav) {
      return;
    }
    const link = (page: number, label: string, name: string | undefined) => {
      const to = {...s, page};
      const a = el('a', {class: 'button', href: address(to), 'aria-label': name, 'aria-current': page === s.page && name ? 'page' : undefined}, label);
      a.addEventListener('click', async e => {
        if (!e.ctrlKey && !e.metaKey && !e.shiftKey) {
          e.preventDefault();
          await this.go(to, 'push');
          this.heading().focus();
          this.heading().scrollIntoView();
        }
      });
      return a;
    };
    const made: Node[] = [];
    let before = 0;
    for (let page = 1; page <= pages && pages > 1; page++) {
      if (page > 1 && page < pages && Math.abs(page - s.page) > 1) {
        continue;
      }
      if (page > before + 1) {
        made.push(el('span', {}, '…'));
      }
      made.push(link(page, numbers.format(page), t('page', {n: numbers.format(page)})));
      before = page;
    }
    if (s.page < pages) {
      made.push(link(s.page + 1, t('next'), undefined));
    }
    const all = this.find('all');
    nav.replaceChildren(...made, ...(all ? [all] : []));
  }
}

const root = document.querySelector<HTMLElement>('[data-catalogue]');
if (root) {
  addWords(JSON.parse(root.querySelector('[data-words]')!.textContent!) as Record<string, string>);
  new Catalogue(root).start();
}
