/** Folds the parts at the end of an award where there is little room; without a script
 * all are open. */
export function foldParts(article: HTMLElement): void {
  for (const part of matchMedia('(min-width: 44rem)').matches ? [] : article.querySelectorAll<HTMLDetailsElement>('details.part')) {
    part.open = false;
  }
}
