#!/usr/bin/env node
// Reads the QR code in a PNG.
//
//   node qr.mjs FILE
//
// Prints its text. The exit code is 1 when there is none that can be read.

import jsQR from 'jsqr';
import {PNG} from 'pngjs';
import {readFileSync} from 'node:fs';

const {data, width, height} = PNG.sync.read(readFileSync(process.argv[2]));
const code = jsQR(new Uint8ClampedArray(data), width, height);
if(code) {
  process.stdout.write(code.data + '\n');
} else {
  process.stderr.write('qr.mjs: no code was found\n');
  process.exitCode = 1;
}
