// Leads from an award to its achievement's page in the visitor's language.

const primary = (tag: string) => tag.toLowerCase().split('-')[0]!;

/** Has the link on an award's title lead to the definition in the first of the
 * visitor's languages that there is one in: the award's own, or one of those that it
 * was signed as related to and that this site has. */
export function inOwnLanguage(article: ParentNode, languages: readonly string[]): void {
  const title = article.querySelector<HTMLAnchorElement>('.sheet h1 a[hreflang]');
  const others = [...article.querySelectorAll<HTMLAnchorElement>('.links a[hreflang]')];
  for (const wanted of title ? languages : []) {
    const found = [title!, ...others].find(a => !a.rel && primary(a.hreflang) === primary(wanted));
    if (found) {
      title!.href = found.href;
      title!.hreflang = found.hreflang;
      return;
    }
  }
}
