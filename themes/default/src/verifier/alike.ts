// Labels of hosts that are not in letters of ASCII.

/** Reads Punycode (RFC 3492, 6.2); undefined: it is none, or of ASCII alone. */
export function decode(label: string): string | undefined {
  const basic = label.lastIndexOf('-');
  const out = basic > 0 ? [...label.slice(0, basic)] : [];
  let n = 128;
  let bias = 72;
  for (let i = 0, at = basic + 1; at < label.length; i++) {
    const before = i;
    for (let w = 1, k = 36; ; k += 36) {
      const digit = 'abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(label[at++] ?? '?');
      if (digit < 0) {
        return undefined;
      }
      i += digit * w;
      const t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < t) {
        break;
      }
      w *= 36 - t;
    }
    const size = out.length + 1;
    let delta = Math.floor((i - before) / (before === 0 ? 700 : 2));
    delta += Math.floor(delta / size);
    let k = 0;
    for (; delta > 455; k += 36) {
      delta = Math.floor(delta / 35);
    }
    bias = k + Math.floor(36 * delta / (delta + 38));
    n += Math.floor(i / size);
    i %= size;
    if (n > 0x10ffff) {
      return undefined;
    }
    out.splice(i, 0, String.fromCodePoint(n));
  }
  return /[^\x00-\x7f]/.test(out.join('')) ? out.join('') : undefined;
}

// The scripts that are told apart, and those that are written in one word (Unicode
// Technical Standard #39, 5.2 "Restriction-Level Detection", Highly Restrictive).
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Arabic', 'Hebrew', 'Armenian', 'Georgian', 'Devanagari', 'Thai']
  .map(name => ({name, has: new RegExp(`\\p{Script=${name}}`, 'u')}));
const together = [['Latin', 'Han', 'Hiragana', 'Katakana'], ['Latin', 'Han', 'Bopomofo'], ['Latin', 'Han', 'Hangul']];

function mixesScripts(label: string): boolean {
  const found = new Set([...label].filter(c => !/[\p{Script=Common}\p{Script=Inherited}]/u.test(c)).map(c => scripts.find(s => s.has.test(c))?.name ?? ''));
  return found.size > 1 && !together.some(set => [...found].every(name => set.includes(name)));
}

// Letters that look like letters of ASCII: of Latin, Cyrillic, Greek, Armenian.
const alike = /^[\x00-\x7fıɑɡɩɴʏᴄᴏᴠᴡᴢꜱасԁеһіјӏорԗԛѕԝхуъьҽпгѵѡαικνρυωηοτհոսօցզլյք]*$/;

/** Tells a label that may be taken for another: it mixes scripts, or all of its letters
 * can be taken for those of ASCII, and stand in no name that is foreign to it. */
export function isAlike(label: string, foreign: boolean): boolean {
  return /[^\x00-\x7f]/.test(label) && (mixesScripts(label) || (!foreign && alike.test(label)));
}
