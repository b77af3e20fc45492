// The links to a page in the site's other languages.

/** Has them keep what the page's address names behind its #, which fragment gives:
 * no browser adds that to a link by itself. */
export function keepFragment(fragment: () => string): void {
  for (const a of document.querySelectorAll<HTMLAnchorElement>('.languages a')) {
    for (const event of ['click', 'auxclick', 'contextmenu']) {
      a.addEventListener(event, () => {
        a.hash = fragment();
      });
    }
  }
}
