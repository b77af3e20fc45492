// Elements are made one by one and text is set as text: nothing of a credential
// is ever read as markup.

export type Child = Node | string | undefined | false;

/** Makes an element. Attributes that are undefined are left out. */
export function el(tag: string, attributes: Record<string, string | undefined> = {}, ...children: Child[]): HTMLElement {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      e.setAttribute(name, value);
    }
  }
  for (const child of children) {
    if (child !== undefined && child !== false && child !== '') {
      e.append(child);
    }
  }
  return e;
}

/** Text of a stranger: in its own direction. */
export function foreign(tag: string, text: string, attributes: Record<string, string | undefined> = {}): HTMLElement {
  return el(tag, {dir: 'auto', ...attributes}, text);
}

/** A link, only to https, that tells the other side nothing. */
export function link(url: string, label: string): HTMLElement {
  const good = safeLink(url);
  if (!good) {
    return foreign('span', label);
  }
  return foreign('a', label, {href: good, rel: 'nofollow noopener noreferrer', target: '_blank'});
}

export function safeLink(url: string): string | undefined {
  try {
    const u = new URL(url);
    return u.protocol === 'https:' && u.username === '' && u.password === '' ? u.href : undefined;
  } catch {
    return undefined;
  }
}

export function byID<T extends HTMLElement>(id: string): T {
  const e = document.getElementById(id);
  if (!e) {
    throw new Error(`the page has no element ${id}`);
  }
  return e as T;
}
