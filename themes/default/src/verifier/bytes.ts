// Bytes put together, and read from streams.

/** One array with the bytes of all. */
export function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A text with one unit for each byte; those of ASCII are what they say. */
export function latin1(data: Uint8Array): string {
  return new TextDecoder('latin1').decode(data);
}

/** The SHA-256 of bytes one after the other. */
export async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(parts)));
}

interface Reader {
  read(): Promise<{done: boolean; value?: Uint8Array}>;
  cancel(): Promise<void>;
}

/** Reads a stream to its end; more than limit bytes are an error. */
export async function readAll(reader: Reader | undefined, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader?.read(); next?.value; next = await reader!.read()) {
    size += next.value.length;
    if (size > limit) {
      await reader!.cancel();
      throw new Error(`longer than ${limit} bytes`);
    }
    parts.push(next.value);
  }
  return join(parts);
}

/** A text without these characters at its end. Expressions such as /=+$/ take the square
 * of what others may write. */
export function withoutEnd(s: string, characters: string): string {
  let end = s.length;
  while (end > 0 && characters.includes(s[end - 1]!)) {
    end--;
  }
  return s.slice(0, end);
}
