// What the claim page shows: the award behind a claim link, drawn as that of a
// public award, or why there is none. Only the issuer's ledger and the link have
// the key that the drawn page came under, so it is shown before what judges it is
// loaded.

import type {Opening, Trouble} from './asked';
import {openPage} from './capsule';
import {claimFragment} from './claimlink';
import {byID, el} from './dom';
import {foldParts} from './fold';

/** Why no award is shown: it was not opened; it is not this site's; the key it
 * was signed with is no longer in force; it could not be checked, since the site
 * did not answer or since checking broke off; its page did not open. */
export type Code = Trouble | 'foreign' | 'ended' | 'unchecked' | 'failed' | 'template';

const again: Code[] = ['unreachable', 'unchecked', 'failed', 'template'];

/** What asks for what the address names, and what is loaded once that is seen: what
 * judges it, by which verifier, and the words of verdicts. */
interface Later {
  ask(): Promise<Opening>;
  claimed(): Promise<{judge(page: ClaimPage, opening: Promise<Opening>): Promise<void>}>;
  choose(): Promise<typeof import('./choose')>;
  markdown(): Promise<typeof import('./markdown')>;
  verifier(): Promise<typeof import('../verifier/core')>;
  rare(): Promise<typeof import('../verifier/rare')>;
  verdicts(): Promise<unknown>;
}

/** Browsers without Trusted Types take the text itself. */
const policy = (globalThis as {trustedTypes?: {createPolicy(name: string, rules: {createHTML(html: string): string}): {createHTML(html: string): unknown}}})
  .trustedTypes?.createPolicy('laurel', {createHTML: html => html});

export class ClaimPage {
  readonly app = byID('claim-app');
  readonly note = byID('claim-note');
  readonly sharing = byID('claim-share');
  readonly verdict = byID('claim-verdict');
  private readonly choice = byID('claim-variants');
  private readonly award = byID('claim-award');
  /** What to choose from piece by piece. */
  readonly pieces = el('div', {class: 'claim-pieces', id: 'claim-pieces', hidden: ''});
  /** Says the verdict to who does not see it. */
  readonly live = el('p', {class: 'visually-hidden', role: 'status', id: 'claim-live'});
  private readonly title = document.title;
  private readonly heading = [...this.app.querySelectorAll<HTMLElement>('.claim-head > h1, .claim-head > .lead')];
  private readonly words = JSON.parse(byID('claim-words').textContent ?? '{}') as Record<string, string>;
  /** Counts what was asked for, so that an answer that comes late is dropped. */
  turn = 0;
  /** The link in the address: without what stands before the name. */
  shown: string | undefined;
  /** The award in each of its forms, which the one that is shown is a copy of. */
  private drawn: HTMLElement[] = [];
  /** Which was chosen, and what is shown of it. */
  chosen = 0;
  article: HTMLElement | undefined;
  /** Called with the form that the learner chose. */
  choose: ((form: number) => Promise<void>) | undefined;
  /** Of the files that were made for what is shown. */
  urls: string[] = [];

  constructor(readonly later: Later) {
    this.app.append(this.live);
    addEventListener('hashchange', () => void this.moved());
  }

  /** The page's word for a key. */
  own(key: string): string {
    return this.words[key] ?? key;
  }

  /** What a form is called: in the theme's words, or as it was signed. */
  nameOf(variant: string): string {
    return this.words[`variant.${variant}`] ?? this.drawn.find(a => a.dataset.variant === variant)?.dataset.name ?? variant;
  }

  /** Opens another link that was put into the address. A part of the page itself,
   * to which "skip to content" leads, is none: the award's link is put back. */
  private async moved(): Promise<void> {
    if (this.shown !== undefined && document.getElementById(location.hash.slice(1))) {
      history.replaceState(history.state, '', `#${this.shown}`);
    } else {
      await this.open();
    }
  }

  /** Shows what the address names, then has it judged. */
  async open(opening = this.later.ask()): Promise<void> {
    const turn = ++this.turn;
    opening.catch(() => undefined); // told when it is judged
    this.clear();
    this.choose = this.shown = undefined;
    this.drawn = [];
    this.chosen = 0;
    this.offer();
    this.head(true);
    document.title = this.title;
    this.say('busy', this.own('working'));
    try {
      const {link, page} = await opening;
      const html = await openPage(await page, link.key);
      if (turn === this.turn) {
        this.drawn = parseAwards(html, new URL(`${this.app.dataset.root}awards/x/`, location.href));
        this.shown = claimFragment(link);
        this.offer();
        this.put(0);
        await seen();
        void Promise.allSettled([this.later.verifier(), this.later.verdicts()]); // told when they are needed
      }
    } catch {
      // Told by its capsule.
    }
    try {
      const {judge} = await this.later.claimed();
      await (turn === this.turn && judge(this, opening));
    } catch {
      this.fail('failed', () => this.open(), turn);
    }
  }

  /** Lets the learner choose, where there is a choice. It is kept in memory only:
   * another learner may use the browser next. */
  private offer(): void {
    const names = this.drawn.map(article => article.dataset.variant ?? '');
    this.choice.hidden = names.length < 2;
    this.choice.replaceChildren(el('legend', {}, this.own('variants.legend')));
    this.pieces.remove();
    this.pieces.replaceChildren();
    this.pieces.hidden = true;
    names.forEach((name, i) => this.option(name, i === 0, () => {
      this.put(i);
      void this.choose?.(i);
    }, this.holds(this.drawn[i]!)));
  }

  /** What a form of a learner record holds, by name; nothing of an award. */
  private holds(article: HTMLElement): string {
    const names = [...article.querySelectorAll('.record .member')].map(m => m.closest('li')?.querySelector('h3')?.textContent?.trim() ?? '');
    return names.length > 0 ? ` ${this.own('variant.holds').replace('{names}', () => [...new Set(names)].join(' · '))}` : '';
  }

  /** Offers to choose piece by piece as well. What to choose from is put into pieces
   * by start, which is called each time this is chosen. */
  offerPieces(start: () => Promise<void>): void {
    if (!this.pieces.parentNode) {
      this.option('choose', false, () => void start());
      this.choice.append(this.pieces);
      this.choice.hidden = false;
    }
  }

  /** Adds a way to show the award to the one choice that there is: a button, and
   * below all of them what it means. */
  private option(name: string, checked: boolean, chosen: () => void, holds = ''): void {
    const id = `claim-variant-${this.choice.querySelectorAll('input[name="variant"]').length}`;
    const input = el('input', {
      type: 'radio', name: 'variant', value: name, id, 'aria-labelledby': `${id}-name`, 'aria-describedby': `${id}-text`,
    }) as HTMLInputElement;
    input.checked = checked;
    const text = el('p', {class: 'hint', id: `${id}-text`}, this.words[`variant.${name}.text`] ?? this.own('variant.other.text'));
    text.append(holds);
    text.hidden = !checked;
    input.addEventListener('change', () => {
      this.choice.querySelectorAll<HTMLElement>('.hint[id^="claim-variant-"]').forEach(other => {
        other.hidden = other !== text;
      });
      this.pieces.hidden = name !== 'choose';
      chosen();
    });
    const label = el('label', {}, input, el('span', {id: `${id}-name`}, this.nameOf(name)));
    [...this.choice.querySelectorAll(':scope > :is(legend, label)')].at(-1)!.after(label);
    this.choice.append(text);
  }

  /** Puts what a learner chose piece by piece into the page, or nothing yet. */
  putPieces(article?: HTMLElement): void {
    this.clear();
    this.article = article;
    if (article) {
      this.award.append(article);
    }
    this.head(!article);
  }

  /** Puts a form of the award into the page, of which it is not known yet what it
   * is worth. What was there goes, with its files. Undefined: there is none. */
  put(form: number): HTMLElement | undefined {
    this.clear();
    this.chosen = form;
    this.article = this.drawn[form]?.cloneNode(true) as HTMLElement | undefined;
    if (this.article) {
      foldParts(this.article);
      this.award.append(this.article);
      this.head(false);
      this.say('checking', this.own('checking'));
    }
    return this.article;
  }

  /** Shows no award, and why, unless something else was asked for since the turn. */
  fail(code: Code, retry: () => Promise<void>, turn = this.turn): void {
    if (turn !== this.turn) {
      return;
    }
    this.clear();
    this.head(true);
    this.heading.forEach(e => {
      e.hidden = e.matches('.lead');
    });
    document.title = this.title;
    this.say('error', this.own(`note.${code === 'unreachable' ? 'offline' : code}`));
    this.help(this.own('help'));
    this.app.dataset.code = code;
    if (again.includes(code)) {
      const button = el('button', {type: 'button', class: 'button'}, this.own('retry'));
      button.addEventListener('click', () => {
        this.note.focus(); // for the button goes
        void retry();
      });
      this.note.append(' ', button);
    }
  }

  say(state: 'busy' | 'checking' | 'open' | 'error', message: string): void {
    this.app.dataset.state = state;
    delete this.app.dataset.code;
    this.live.textContent = '';
    this.note.classList.toggle('vnote', state === 'error');
    this.note.classList.remove('visually-hidden');
    this.note.textContent = message;
  }

  /** Shows how to reach the issuer, below a sentence; without one, nothing. */
  help(sentence: string): void {
    const help = document.getElementById('claim-help'); // not of an issuer without any address
    if (help) {
      help.hidden = sentence === '';
      byID('claim-help-text').textContent = sentence;
    }
  }

  /** Takes what is shown away, and lets go of its files. */
  private clear(): void {
    this.article = undefined;
    this.sharing.after(this.verdict); // it may be in the award
    this.award.replaceChildren();
    this.verdict.replaceChildren();
    this.sharing.hidden = true;
    this.help('');
    delete this.app.dataset.variant;
    this.urls.splice(0).forEach(url => URL.revokeObjectURL(url));
  }

  /** Shows the page's own heading, or leaves it to that of the award. */
  private head(shown: boolean): void {
    this.heading.forEach(e => {
      e.hidden = false;
      e.remove();
    });
    if (shown) {
      this.note.before(...this.heading);
    }
  }
}

/** Waits until what was put into the page is seen; one in the background is not
 * drawn before somebody looks. */
function seen(): Promise<void> {
  return new Promise(resolve => {
    const done = () => setTimeout(() => {
      performance.mark('first-award');
      resolve();
    });
    document.hidden ? done() : requestAnimationFrame(done);
  });
}

/** The forms of the award on a page that was opened. It says where its links lead
 * as from an award's folder. */
function parseAwards(html: string, base: URL): HTMLElement[] {
  const parsed = new DOMParser().parseFromString((policy?.createHTML(html) ?? html) as string, 'text/html');
  return [...parsed.body.querySelectorAll<HTMLElement>('article.award')].map(article => {
    resolveLinks(article, base);
    return document.importNode(article, true);
  });
}

function resolveLinks(part: ParentNode, base: URL): void {
  for (const name of ['href', 'src']) {
    for (const e of part.querySelectorAll(`[${name}]`)) {
      const value = e.getAttribute(name)!;
      if (!value.startsWith('#')) {
        e.setAttribute(name, new URL(value, base).href);
      }
    }
  }
  part.querySelectorAll('template').forEach(inner => resolveLinks(inner.content, base));
}
