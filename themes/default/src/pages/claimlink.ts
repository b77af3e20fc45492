// The grammar of claim links, which is that of model/claimlink.go: both are held
// to the same examples, testdata/claimlinks.json there.

/** What opens a sealed award: the fragment of its URL is "<name>.<key>". */
export interface ClaimLink {
  /** Of the capsule: 32 digits of lower-case hex. */
  name: string;
  /** 32 bytes as 43 characters of base64url. */
  key: string;
}

// Name and key have one length each, so what stands behind them – the full stop
// of a sentence, a bracket, what a newsletter adds – is none of theirs, unless
// it could be one more character of the key. The last character of a key has but
// four bits. Programs that pass a link on may escape its # and its full stop; one
// that changed the case of the name has changed the key as well.
const whole = /(?:^|%23|[^A-Za-z0-9_-])([0-9a-f]{32})(?:\.|%2[eE])([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])(?![A-Za-z0-9_-])/;
// Also what is left of one that was cut off or changed.
const alike = /\/[cC][lL][aA][iI][mM]\/?(?:[iI][nN][dD][eE][xX]\.[hH][tT][mM][lL])?(?:\?[^\s#]*)?(?:#|%23).|[0-9a-fA-F]{32}(?:\.|%2[eE])[A-Za-z0-9_-]{8}/;

/** Reads the first whole claim link in a text, to whatever site it leads, or its
 * fragment alone. "broken" is one that was cut off or changed. */
export function readClaimLink(text: string): ClaimLink | 'broken' | 'none' {
  const m = whole.exec(text);
  if (m) {
    return {name: m[1]!, key: m[2]!};
  }
  return alike.test(text) ? 'broken' : 'none';
}

/** The fragment of a claim link. */
export function claimFragment(link: ClaimLink): string {
  return `${link.name}.${link.key}`;
}

const page = /https?:\/\/[^\s?#<>"]*?\/claim\/(?:index\.html)?(?=(?:\?[^\s#]*)?(?:#|%23))/i;

/** The address that the claim link in a text leads to, without what stands around
 * it; of one that was cut off or changed, what is there. Undefined: there is
 * none, or no address. */
export function claimURL(text: string): string | undefined {
  const link = readClaimLink(text);
  const found = page.exec(text);
  if (link === 'none' || !found) {
    return undefined;
  }
  const rest = /(?:#|%23)([A-Za-z0-9_.-]*)/.exec(text.slice(found.index + found[0].length))?.[1] ?? '';
  return `${found[0]}#${link === 'broken' ? rest : claimFragment(link)}`;
}
