// The JSON Schemas of 1EdTech. The page's policy forbids making code at run
// time, as schema libraries do; of draft 2019-09 this reads the keywords that
// the bundled schemas use, and the build fails on one that it does not know.

import schemas from 'laurel:schemas';

import {maxValues} from './constants';
import {Place} from './failure';
import {Findings, type Finding} from './findings';
import {has, isObject, type Doc, type Value} from './json';
import {hasType} from './text';


const achievement = 'ob_v3p0_achievementcredential_schema.json';

// Which schema a document of a type has to pass, as file and definition.
const rows: {types: string[]; file: string; definition?: string}[] = [
  {types: ['AchievementCredential', 'OpenBadgeCredential'], file: achievement},
  {types: ['EndorsementCredential'], file: 'ob_v3p0_endorsementcredential_schema.json'},
  {types: ['ClrCredential'], file: 'clr_v2p0_clrcredential_schema.json'},
  {types: ['Profile'], file: 'ob_v3p0_profile_schema.json'},
  {types: ['Achievement'], file: achievement, definition: 'Achievement'},
];

/** Validates a document against the current schema of its type. */
export function schemaFindings(doc: Doc): Finding[] {
  const f = new Findings();
  const row = rows.find(r => hasType(doc, ...r.types));
  if (!row) {
    return [];
  }
  if (countValues(doc) > maxValues) {
    f.add('schema', new Place());
    return f.sorted();
  }
  const root = schemas[row.file]!;
  const schema = row.definition ? root.$defs![row.definition]! : root;
  for (const problem of validate(schema, root, doc, new Place(), 0)) {
    report(f, problem);
  }
  return f.sorted();
}

function countValues(v: Value): number {
  let n = 1;
  if (v !== null && typeof v === 'object') {
    for (const w of Object.values(v)) {
      n += countValues(w as Value);
      if (n > maxValues) {
        break;
      }
    }
  }
  return n;
}

export interface Schema {
  type?: string | string[];
  const?: Value;
  enum?: Value[];
  format?: string;
  $ref?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  minItems?: number;
  items?: Schema | Schema[];
  additionalItems?: Schema;
  contains?: Schema;
  pattern?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  $defs?: Record<string, Schema>;
}

interface Problem {
  at: Place;
  depth: number; // steps from the document to the place
  /** The value is of another kind than the schema wants. */
  kind?: boolean;
  /** The causes are branches of a choice. */
  choice?: boolean;
  causes?: Problem[];
}

function validate(s: Schema, root: Schema, v: Value, at: Place, depth: number): Problem[] {
  const one = (more: Partial<Problem> = {}): Problem => ({at, depth, ...more});
  const types = s.type === undefined ? [] : [s.type].flat();
  if (types.length > 0 && !types.some(t => isOf(v, t))) {
    return [one({kind: true})];
  }
  if (s.const !== undefined && s.const !== v) {
    return [one()];
  }
  if (s.enum && !s.enum.includes(v)) {
    return [one()];
  }
  if (s.format && typeof v === 'string' && !isFormat(v, s.format)) {
    return [one()];
  }
  const problems: Problem[] = [];
  if (s.$ref) {
    const target = root.$defs![s.$ref.slice('#/$defs/'.length)]!;
    const causes = validate(target, root, v, at, depth);
    if (causes.length > 0) {
      problems.push(one({causes}));
    }
  }
  if (isObject(v)) {
    problems.push(...members(s, root, v, at, depth));
  } else if (Array.isArray(v)) {
    problems.push(...elements(s, root, v, at, depth));
  } else if (typeof v === 'string' && s.pattern !== undefined && !expression(s.pattern).test(v)) {
    problems.push(one());
  }
  for (const part of s.allOf ?? []) {
    const causes = validate(part, root, v, at, depth);
    if (causes.length > 0) {
      problems.push(one({causes}));
    }
  }
  if (s.anyOf) {
    const branches = s.anyOf.map(part => validate(part, root, v, at, depth));
    if (branches.every(b => b.length > 0)) {
      problems.push(one({choice: true, causes: branches.map(grouped)}));
    }
  }
  if (s.oneOf) {
    const branches = s.oneOf.map(part => validate(part, root, v, at, depth));
    const matched = branches.filter(b => b.length === 0).length;
    if (matched === 0) {
      problems.push(one({choice: true, causes: branches.map(grouped)}));
    } else if (matched > 1) {
      problems.push(one());
    }
  }
  return problems;
}

function grouped(list: Problem[]): Problem {
  return list.length === 1 ? list[0]! : {at: list[0]!.at, depth: Math.min(...list.map(p => p.depth)), causes: list};
}

function members(s: Schema, root: Schema, o: Doc, at: Place, depth: number): Problem[] {
  const problems: Problem[] = [];
  if ((s.required ?? []).some(name => !has(o, name))) {
    problems.push({at, depth});
  }
  let unknown = false;
  for (const [name, v] of Object.entries(o)) {
    const known = s.properties && Object.prototype.hasOwnProperty.call(s.properties, name) ? s.properties[name] : undefined;
    const schema = known ?? s.additionalProperties;
    if (schema === false) {
      unknown = true;
    } else if (typeof schema === 'object') {
      problems.push(...validate(schema, root, v, at.member(name), depth + 1));
    }
    if (s.propertyNames && validate(s.propertyNames, root, name, at, depth).length > 0) {
      problems.push({at, depth});
    }
  }
  if (unknown) {
    problems.push({at, depth});
  }
  return problems;
}

function elements(s: Schema, root: Schema, list: Value[], at: Place, depth: number): Problem[] {
  const problems: Problem[] = [];
  if (s.minItems !== undefined && list.length < s.minItems) {
    problems.push({at, depth});
  }
  list.forEach((v, i) => {
    const schema = Array.isArray(s.items) ? s.items[i] ?? s.additionalItems : s.items;
    if (schema) {
      problems.push(...validate(schema, root, v, at.item(i), depth + 1));
    }
  });
  if (s.contains) {
    const failed = list.map((v, i) => validate(s.contains!, root, v, at.item(i), depth + 1));
    if (failed.every(p => p.length > 0)) {
      problems.push({at, depth, choice: true, causes: failed.map(grouped)});
    }
  }
  return problems;
}

/** Turns what is wrong into findings: of the branches that did not match, the
 * one that went deepest is what the author meant. */
function report(f: Findings, p: Problem): void {
  const causes = p.choice ? deepest(p) : p.causes ?? [];
  f.addIf(causes.length === 0, 'schema', p.at);
  for (const cause of causes) {
    report(f, cause);
  }
}

function deepest(p: Problem): Problem[] {
  let best: Problem | undefined;
  let depth = p.depth;
  for (const cause of p.causes ?? []) {
    const d = depthOf(cause);
    if (d > depth) {
      best = cause;
      depth = d;
    }
  }
  best ??= p.causes?.find(cause => !wrongKind(cause));
  return best ? [best] : [];
}

function depthOf(p: Problem): number {
  return Math.max(p.depth, ...(p.causes ?? []).map(depthOf));
}

function wrongKind(p: Problem): boolean {
  return p.kind === true || (p.causes ?? []).some(wrongKind);
}

function isOf(v: Value, type: string): boolean {
  return typeName(v) === type || (type === 'integer' && Number.isInteger(v));
}

function typeName(v: Value): string {
  return v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v;
}

const expressions = new Map<string, RegExp>();

function expression(pattern: string): RegExp {
  let e = expressions.get(pattern);
  if (!e) {
    e = new RegExp(pattern);
    expressions.set(pattern, e);
  }
  return e;
}

/** The formats date and date-time of RFC 3339. */
function isFormat(s: string, format: string): boolean {
  const m = /^(\d{4})-(\d\d)-(\d\d)(?:[tT](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[zZ]|([+-])(\d\d):(\d\d)))?$/.exec(s);
  if (!m || m[0] !== s || (m[4] === undefined) !== (format === 'date')) {
    return false;
  }
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (month < 1 || month > 12 || day < 1 || date.getUTCDate() !== day) {
    return false;
  }
  if (format === 'date') {
    return true;
  }
  const [hour, minute, second] = [Number(m[4]), Number(m[5]), Number(m[6])];
  const [zoneHour, zoneMinute] = [Number(m[8] ?? 0), Number(m[9] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || zoneHour > 23 || zoneMinute > 59) {
    return false;
  }
  const utc = (hour * 60 + minute - (m[7] === '-' ? -1 : 1) * (zoneHour * 60 + zoneMinute) + 2880) % 1440;
  return second < 60 || utc === 1439;
}
