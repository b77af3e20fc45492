// All that the verifier takes of its platform beside the language: what browsers
// and Node have alike. There is no document in it, and no network.

declare class TextDecoder {
  constructor(label: 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1', options?: {fatal?: boolean; ignoreBOM?: boolean});
  decode(bytes: Uint8Array): string;
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare function atob(base64: string): string;
declare function btoa(latin1: string): string;
declare function structuredClone<T>(value: T): T;

declare const AbortSignal: {timeout(milliseconds: number): unknown};

declare class Blob {
  constructor(parts: Uint8Array<ArrayBuffer>[]);
  stream(): {pipeThrough(through: DecompressionStream): {
    getReader(): {read(): Promise<{done: true; value: undefined} | {done: false; value: Uint8Array<ArrayBuffer>}>; cancel(): Promise<void>};
  }};
}

declare class DecompressionStream {
  constructor(format: CompressionFormat);
}

type CompressionFormat = 'gzip' | 'deflate' | 'deflate-raw';

interface JsonWebKey {
  kty?: string; crv?: string; x?: string; y?: string; n?: string; e?: string;
}

declare const crypto: {
  subtle: {
    importKey(format: 'jwk', key: JsonWebKey, algorithm: object, extractable: false, uses: ['verify']): Promise<CryptoKey>;
    digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
    verify(algorithm: object, key: CryptoKey, signature: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>): Promise<boolean>;
  };
};

declare class CryptoKey {
  private constructor();
}

/** Of an address its host alone, in its xn-- form. */
declare class URL {
  constructor(url: string);
  readonly hostname: string;
}
