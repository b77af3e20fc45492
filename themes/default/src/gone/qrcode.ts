// QR codes as one SVG path, in the form of internal/publishing/render/qr.go.

import {encode} from 'uqr';

/** A code: the side in modules, the quiet zone of four on each side included,
 * and the outlines of its dark areas, to be filled by the even-odd rule. */
export interface QRCode {
  Size: number;
  Path: string;
}

/** Draws a text at a level of error correction: "M" for paper, "L" for a
 * screen. What is too long for a code is an error. */
export function qr(text: string, level = 'M'): QRCode {
  if (level !== 'M' && level !== 'L') {
    throw new Error('a level is "L" or "M"');
  }
  const {data, size} = encode(text, {ecc: level, border: 4, boostEcc: false});
  return {Size: size, Path: outline(data)};
}

/** Traces the borders of the dark areas: each line turns from across to down
 * and back at every stop, and ends where it began. */
export function outline(dark: boolean[][]): string {
  const size = dark.length;
  const at = (x: number, y: number): boolean => dark[y]?.[x] ?? false;
  const stride = size + 3;
  const across = new Array<boolean>(stride * stride).fill(false);
  const down = new Array<boolean>(stride * stride).fill(false);
  for (let y = 0; y <= size; y++) {
    for (let x = 0; x <= size; x++) {
      const corner = (y + 1) * stride + x + 1;
      across[corner] = at(x, y) !== at(x, y - 1);
      down[corner] = at(x, y) !== at(x - 1, y);
    }
  }
  let path = '';
  for (let y = 0; y <= size; y++) {
    for (let x = 0; x <= size; x++) {
      const start = (y + 1) * stride + x + 1;
      if (across[start]) {
        path += `M${x} ${y}${trace(across, down, start, stride)}`;
      }
    }
  }
  return path;
}

/** The line through the edges from start, which it takes away. */
function trace(across: boolean[], down: boolean[], start: number, stride: number): string {
  let path = '';
  for (let at = start; ;) {
    const x = take(across, at, 1);
    path += `h${x}`;
    at += x;
    const y = take(down, at, stride);
    at += y * stride;
    if (at === start) {
      return `${path}z`; // draws the last run
    }
    path += `v${y}`;
  }
}

/** Takes away the edges that lead straight on, forwards or else backwards, and
 * returns how many there were, negative for backwards. */
function take(edges: boolean[], at: number, step: number): number {
  let n = 0;
  for (; edges[at]; at += step) {
    edges[at] = false;
    n++;
  }
  if (n > 0) {
    return n;
  }
  for (; edges[at - step]; at -= step) {
    edges[at - step] = false;
    n--;
  }
  return n;
}
