// The buttons with which an award is taken along. The page has them in its
// markup, hidden, since without a script they would do nothing; links that
// download files work without.

import {zip, type Entry} from './zip';

/** A file to take along, of which data-download names the kind. */
export interface File {
  kind: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Where the files and the moment of a page's buttons come from. */
interface Source {
  /** The files of "all files", in the order of the page's links; the certificate that
   * is one is made when the button is pressed. */
  files: (button: HTMLElement) => Promise<Entry[]>;
  /** The credential as it was signed. */
  text: () => Promise<string>;
  /** What files are named after: a slug. */
  stem: () => string;
  /** When the award was signed. */
  when: () => Date;
}

type Act = (button: HTMLElement) => Promise<void>;

/** Shows the buttons below root that the browser can serve, and lets them do
 * what they say. */
export function wire(root: ParentNode, source: Source): void {
  const live = root.querySelector<HTMLElement>('.take-live');
  const say = (what: 'copied' | 'copyFailed' | 'shareFailed' | 'zipFailed'): void => {
    if (live) {
      // Emptied first, so that the same words are read out again.
      live.textContent = '';
      live.classList.remove('visually-hidden');
      setTimeout(() => {
        live.textContent = live.dataset[what] ?? '';
      }, 50);
    }
  };
  const copy: Act = async button => say(await copyText(textFor(button)) ? 'copied' : 'copyFailed');
  const acts: Record<string, Act> = {
    copy,
    'copy-link': copy,
    'copy-text': async () => say(await copyText(source.text()) ? 'copied' : 'copyFailed'),
    share: async button => {
      if (!await share(textFor(button))) {
        say('shareFailed');
      }
    },
    print: async () => print(),
    zip: async button => {
      try {
        save(new Blob([zip(await source.files(button), source.when())], {type: 'application/zip'}), `${source.stem()}.zip`);
      } catch {
        say('zipFailed');
      }
    },
  };
  for (const button of root.querySelectorAll<HTMLElement>('[data-action]')) {
    const name = button.dataset.action!;
    const act = Object.prototype.hasOwnProperty.call(acts, name) ? acts[name] : undefined;
    if (act && possible(name, root, button)) {
      button.hidden = false;
      button.addEventListener('click', () => void act(button));
    }
  }
}

/** What a button copies or shares: a text of its own, or what stands before it. */
function textFor(button: HTMLElement): string {
  const before = button.previousElementSibling as HTMLElement | null;
  return button.dataset.copy ?? before?.dataset.copy ?? before?.textContent ?? '';
}

function possible(action: string, root: ParentNode, button: HTMLElement): boolean {
  switch (action) {
    case 'share':
      return typeof navigator.share === 'function' && textFor(button) !== '';
    case 'copy':
    case 'copy-link':
      return textFor(button) !== '';
    case 'zip':
      return root.querySelector('[data-download]') !== null;
  }
  return true;
}

/** Copies text, in pages that came without TLS by the older way. One that has yet to
 * come is promised to the clipboard, as browsers give it away only at once. */
async function copyText(text: string | Promise<string>): Promise<boolean> {
  try {
    if (typeof text === 'string') {
      await navigator.clipboard.writeText(text);
    } else {
      const blob = text.then(t => new Blob([t], {type: 'text/plain'}));
      blob.catch(() => undefined); // told below
      await navigator.clipboard.write([new ClipboardItem({'text/plain': blob})]);
    }
    return true;
  } catch {
    try {
      return copyBySelection(await text);
    } catch {
      return false;
    }
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) {
      focused.focus();
    }
  }
}

/** Hands a link to what the learner chooses among the system's ways. Closing
 * that choice is no failure. */
async function share(url: string): Promise<boolean> {
  try {
    await navigator.share({title: document.title, url});
    return true;
  } catch (e) {
    return e instanceof DOMException && e.name === 'AbortError';
  }
}

/** What the Learner Credential Wallet registers with phones, and the site that opens it
 * as well: without the app, that site is given what the link holds. */
const walletURL = 'dccrequest://request?request=';
const walletSite = 'https://lcw.app/mobile?request=';

/** What the links that hand a credential to the Learner Credential Wallet end in: an
 * unsigned presentation of it, with no server between. The wallet decodes what it is
 * given twice, so percent signs, which occur in strings only, are escaped as JSON first,
 * like all that is not ASCII. */
export function walletRequest(base: string, credential: string): string {
  const request = `{"credentialRequestOrigin":"${new URL(base).origin}","verifiablePresentation":{` +
    '"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"],' +
    `"verifiableCredential":[${credential}]}}`;
  return encodeURIComponent(request.replace(/[^\x00-\x7f]|%/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** Offers a credential to the wallet: by its app, and by way of the site. */
export function offerWallet(root: ParentNode, base: string, credential: string): void {
  const request = walletRequest(base, credential);
  for (const part of root.querySelectorAll<HTMLElement>('[data-wallet]')) {
    const [app, web] = part.querySelectorAll('a');
    app!.href = walletURL + request;
    web!.href = walletSite + request;
    part.hidden = false;
  }
}

/** Has the browser save bytes under a name. */
export function save(bytes: Blob, name: string): void {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(bytes);
  a.download = name;
  a.hidden = true;
  document.body.append(a);
  a.click();
  a.remove();
  // The download has its own hold on the bytes only after it began.
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}

/** The name of a file of an award: the slug of its achievement or program, of
 * which about is a URL in the folder, the form if there is more than one, and
 * what the file is. */
export function stemOf(about: string, variant = ''): string {
  const slug = /\/(?:achievements|programs)\/([^/?#]+)\//.exec(about)?.[1] ?? 'award';
  const plain = slug.replace(/[^A-Za-z0-9._-]/g, '').replace(/^[.-]+/, '').slice(0, 80) || 'award';
  return variant === '' ? plain : `${plain}-${variant}`;
}

/** The name of a file of evidence among the others: none of them begins like it. */
export function evidenceName(name: string): string {
  return name.startsWith('evidence-') ? name : `evidence-${name}`;
}

/** The name under which a download is saved: the stem with the ending of what
 * [data-download] calls it, such as badge.png or credential.jwt.txt. */
export function fileName(stem: string, download: string): string {
  return stem + download.slice(download.indexOf('.'));
}
