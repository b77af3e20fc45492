// What was handed in together: files, folders, and the archives among them, as a list
// of things to judge. Nothing is kept of a file but where to read it.

import {maxImage} from '../verifier/constants';
import {compare} from '../verifier/text';
import {entriesOf, isZIP} from './unzip';

/** The most files of one run that are looked at. */
export const maxFiles = 5000;
const maxDepth = 32;

/** A file, with those that came in the same folder or archive. */
export interface Source {
  /** As the command line names it: path, and within an archive the path in there. */
  name: string;
  /** At most limit bytes, and one more, so that the size is seen. */
  read(limit?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** The file that lies beside it under a name, which may have a folder before it. */
  beside(name: string): Source | undefined;
  /** Why it is not judged: the key of a sentence, and what else is to be said. */
  problem?: ['zip-malformed' | 'zip-malformed.empty' | 'zip-nested' | 'input-unreadable', string];
  /** The archive that it is in: how many of it are not judged yet, whether one was a
   * credential, and what to say if none was. */
  archive?: {todo: number; found: boolean; empty: Source};
}

/** Everything that was handed in, and whether that was more than is looked at. */
interface Batch {
  sources: Source[];
  more: boolean;
}

/** Lists files, and what is in folders and archives, in the order of the command line:
 * each folder by name. Names with a dot in front are passed over, as there. */
export async function gather(files: File[], folders: FileSystemEntry[], signal: AbortSignal, seen: (n: number) => void): Promise<Batch> {
  const found: {path: string; file: File}[] = files.map(file => ({path: file.webkitRelativePath || file.name, file}));
  const more = await walk(folders, '', found, signal, seen, 0) || found.length > maxFiles;
  found.splice(maxFiles);
  const kept = found.filter(({path, file}) => !file.webkitRelativePath || !path.split('/').slice(1).some(step => step.startsWith('.')));
  kept.sort((a, b) => inOrder(a.path.split('/'), b.path.split('/')));
  const sources: Source[] = [];
  const loose = new Map<string, Source>();
  for (const {path, file} of kept) {
    signal.throwIfAborted();
    if (await isZIP(file)) {
      sources.push(...await inArchive(path, file));
    } else {
      sources.push(put(loose, path, path, async (limit = maxImage) => new Uint8Array(await file.slice(0, limit + 1).arrayBuffer())));
    }
    seen(sources.length);
  }
  return {sources, more};
}

/** Adds the files below some folders. Returns whether there are more than are
 * looked at. */
async function walk(entries: FileSystemEntry[], above: string, found: {path: string; file: File}[], signal: AbortSignal, seen: (n: number) => void, depth: number): Promise<boolean> {
  for (const entry of entries) {
    signal.throwIfAborted();
    if (found.length >= maxFiles || depth > maxDepth) {
      return true;
    }
    const path = above + entry.name;
    if (depth > 0 && entry.name.startsWith('.')) {
      continue;
    }
    if (entry.isDirectory) {
      if (await walk(await inFolder(entry as FileSystemDirectoryEntry), `${path}/`, found, signal, seen, depth + 1)) {
        return true;
      }
    } else {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)).catch(() => undefined);
      if (file) {
        found.push({path, file});
        seen(found.length);
      }
    }
  }
  return false;
}

/** What is in a folder: browsers tell it in pieces, until there is none left. */
async function inFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const next = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (next.length === 0 || all.length > maxFiles) {
      return all.sort((a, b) => compare(a.name, b.name));
    }
    all.push(...next);
  }
}

function inOrder(a: string[], b: string[]): number {
  const at = a.findIndex((step, i) => step !== b[i]);
  return at < 0 ? a.length - b.length : compare(a[at]!, b[at] ?? '');
}

async function inArchive(path: string, file: File): Promise<Source[]> {
  const wrong = (...problem: NonNullable<Source['problem']>): Source => ({...put(new Map(), path, path, async () => new Uint8Array()), problem});
  try {
    const {entries, cut} = await entriesOf(file);
    const box = new Map<string, Source>();
    const archive = {todo: entries.length, found: cut !== undefined, empty: wrong('zip-malformed.empty', '')};
    const all = entries.map((e): Source => Object.assign(put(box, e.name, `${path}/${e.name}`, e.read), {archive},
      e.damaged !== undefined ? {problem: ['input-unreadable', e.damaged]} : e.nested ? {problem: ['zip-nested', '']} : {}));
    return cut !== undefined ? [...all, wrong('zip-malformed', cut)] : all.length > 0 ? all : [archive.empty];
  } catch (e) {
    return [wrong('zip-malformed', e instanceof Error ? e.message : '')];
  }
}

/** A source in a folder or archive, whose files are found in box by their paths. */
function put(box: Map<string, Source>, path: string, name: string, read: Source['read']): Source {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const source: Source = {name, read, beside: other => box.get(folder + other)};
  box.set(path, source);
  return source;
}
