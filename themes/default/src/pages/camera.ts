// Reads QR codes from pictures and from the camera. It is loaded only when it
// is needed.

import decodeQR from 'qr/decode.js';

// A page of A4 at 300 dots an inch, and what most phones photograph, is read as it is:
// made smaller, it can lose the modules of a code that is an inch wide.
const maxSide = 4096;

/** The text of a QR code in a picture, if there is one. */
export async function readPicture(picture: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(picture);
  try {
    const scale = Math.min(1, maxSide / Math.max(bitmap.width, bitmap.height));
    return read(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale), true);
  } finally {
    bitmap.close();
  }
}

/** Looks at the camera until a code is seen or the visitor stops; the video is
 * shown meanwhile. */
export async function readCamera(video: HTMLVideoElement, stop: AbortSignal): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}, audio: false});
  try {
    video.srcObject = stream;
    await video.play();
    while (!stop.aborted) {
      if (video.videoWidth > 0) {
        const scale = Math.min(1, 1024 / Math.max(video.videoWidth, video.videoHeight));
        const found = read(video, Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale), false);
        if (found) {
          return found;
        }
      }
      await new Promise(next => setTimeout(next, 120));
    }
    return undefined;
  } finally {
    video.srcObject = null;
    stream.getTracks().forEach(track => track.stop());
  }
}

function read(source: CanvasImageSource, width: number, height: number, thorough: boolean): string | undefined {
  // A code needs white around it, which a picture may have cut off.
  const margin = thorough ? Math.ceil(Math.max(width, height) / 10) : 0;
  const canvas = document.createElement('canvas');
  canvas.width = width + 2 * margin;
  canvas.height = height + 2 * margin;
  const context = canvas.getContext('2d', {willReadFrequently: true});
  if (!context || width === 0 || height === 0) {
    return undefined;
  }
  context.fillStyle = '#fff'; // a picture may be see-through
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, margin, margin, width, height);
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  try {
    return decodeQR({data, width: canvas.width, height: canvas.height}, thorough ? {effort: Infinity, timeLimit: Infinity} : {}) || undefined;
  } catch {
    return undefined; // no code
  }
}
