// What an award's page says of how the award stands: as written before anybody checked,
// then as a check and the reader's clock have it, for as long as it is open, and once
// more before it is printed. Time can take back what was said; so nothing stays said.

import {good, known, stateAt, type State, type Status} from './state';
import {timeOf} from './words';

const longest = 2 ** 31 - 1; // that a timer waits

export class StatusLine {
  private readonly line: HTMLElement;
  /** What the page came with, of the state that it said then. */
  private written: Node[];
  private status: Status;
  private checked: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly article: HTMLElement) {
    this.line = article.querySelector<HTMLElement>('.status-line')!;
    this.written = [...this.line.childNodes];
    this.status = this.said();
    addEventListener('beforeprint', () => this.show());
    addEventListener('pageshow', () => this.show());
    document.addEventListener('visibilitychange', () => this.show());
    this.show();
  }

  /** What the issuer is known to have decided when the page was written. */
  private said(): Status {
    const {said} = this.article.dataset;
    return said === 'revoked' || said === 'suspended' || said === 'fallen' ? said : '';
  }

  /** Takes what a check found, beside what the page says: see known. */
  found(status: Status): State {
    this.status = known(status, this.said());
    this.checked = Date.now();
    return this.show();
  }

  /** Takes over what the page says that the site has now. */
  renew(article: HTMLElement): void {
    this.article.dataset.said = article.dataset.said ?? '';
    this.written = [...article.querySelector('.status-line')?.childNodes ?? []].map(node => document.importNode(node, true));
    const timeline = article.querySelector('.timeline');
    if (timeline) {
      this.article.querySelector('.timeline')?.replaceWith(document.importNode(timeline, true));
    }
  }

  /** Shows how the award stands now. */
  show(): State {
    const now = Date.now();
    const {article} = this;
    const [from, until] = [timeOf(article.dataset.from), timeOf(article.dataset.until)];
    const state = stateAt(from, until, this.status, now);
    for (const name of [...article.classList].filter(c => c.startsWith('is-'))) {
      article.classList.remove(name);
    }
    article.classList.add(`is-${state}`);
    article.classList.toggle('not-good', !good(state));
    this.say(state, now, until);
    for (const tools of article.querySelectorAll<HTMLElement>('[data-tools]')) {
      tools.hidden = (tools.dataset.tools === 'good') !== good(state);
    }
    for (const li of article.querySelectorAll<HTMLElement>('.timeline [data-at]')) {
      li.classList.toggle('next', timeOf(li.dataset.at)! > now);
      li.classList.toggle('end', li.matches('.until') ? state === 'expired' : li.matches('.end'));
    }
    clearTimeout(this.timer);
    const next = Math.min(...[from, until].filter(t => t !== undefined && t >= now) as number[]) - now + 1;
    if (next < longest) {
      this.timer = setTimeout(() => this.show(), next);
    }
    return state;
  }

  /** Says it, if that is not what the line says already. */
  private say(state: State, now: number, until: number | undefined): void {
    const template = this.article.querySelector<HTMLTemplateElement>(`template[data-state="${state}"]`);
    const shown = document.createElement('div');
    shown.append(...this.written.map(node => node.cloneNode(true)));
    if (state !== (this.article.dataset.said || 'unchecked') && template) {
      const {content} = template.cloneNode(true) as HTMLTemplateElement;
      const words = shown.querySelector('div')!;
      const when = content.querySelector('.status-when') ?? words.querySelector('.status-when')!;
      shown.querySelector('svg')!.replaceChildren(...content.querySelector('svg')!.childNodes);
      words.replaceChildren(...content.querySelectorAll('p'), when);
    }
    const when = this.checked ?? (state === 'unchecked' || state === this.article.dataset.said ? undefined : now);
    const language = this.article.lang === 'en' ? 'en-GB' : this.article.lang;
    for (const e of shown.querySelectorAll<HTMLElement>('[data-say]')) {
      const said = e.matches('.status-when') ? when && new Intl.DateTimeFormat(language, {dateStyle: 'long', timeStyle: 'short'}).format(when) :
        relative(until! - now, language);
      if (said) {
        e.textContent = e.dataset.say!.replace('{when}', () => said);
      }
    }
    if (shown.innerHTML !== this.line.innerHTML) {
      this.line.replaceChildren(...shown.childNodes);
    }
  }
}

/** How far away a moment is, in the largest unit of which there are two, "in 3 months". */
function relative(ms: number, language: string): string {
  const [size, unit] = ([[30.44 * 86_400_000, 'month'], [86_400_000, 'day'], [3_600_000, 'hour']] as const).find(([s]) => ms >= 2 * s) ?? [60_000, 'minute'];
  return new Intl.RelativeTimeFormat(language).format(Math.max(1, Math.floor(ms / size)), unit);
}
