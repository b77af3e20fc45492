// Draws parts/award.html in the browser: runs the templates that
// render.BrowserTemplate publishes, in which html/template has named, behind
// every value, the functions that make it safe where it stands. The rules are
// those of Go's text/template; what they do not allow is an error, as there.

import {escapers} from './escape';
import {functionsOf} from './functions';
import {fieldOf, HTML, isTrue, type Value} from './value';
import type {AwardView} from './view';

type Operand = string | number | boolean | null | [Pipe] | [Pipe, string];
type Command = Operand[];
type Pipe = [0 | string[], ...Command[]];
type TemplateNode = string | ['a', Pipe] | ['i' | 'w' | 'r', Pipe, TemplateNode[], TemplateNode[]?] | ['t', string, Pipe?] | ['b'] | ['c'];

export type TemplateFunction = (...args: Value[]) => Value;

/** The award template of a language, as published. */
export interface BrowserTemplate {
  language: string;
  dir: string;
  start: string;
  words: Record<string, string>;
  assets: Record<string, [string, string]>;
  templates: Record<string, TemplateNode[]>;
}

// A template may call itself; this is deeper than any page, and less deep than
// the stack.
const maxDepth = 200;

/** Reads what claim/award.<language>.json holds, and throws where it is of a
 * version that this script does not know. */
export function openTemplate(bundle: unknown): BrowserTemplate {
  const b = bundle as BrowserTemplate & {version: number};
  if (typeof b !== 'object' || b === null || b.version !== 1 || !Array.isArray(own(b.templates ?? {}, b.start))) {
    throw new Error('the award template is not of version 1');
  }
  return b;
}

/** The HTML of an award. Every value of the view is escaped in it. */
export function renderAward(template: BrowserTemplate, view: AwardView): string {
  return renderTemplate(template, template.start, view as unknown as Value);
}

/** The HTML of one of the templates, for data of its kind. */
export function renderTemplate(template: BrowserTemplate, name: string, data: Value): string {
  const run = new Run(template, {...escapers, ...functionsOf(template)});
  run.call(name, data, 0);
  return run.out.join('');
}

function own<T>(table: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

// What ends an iteration early, and the value before the first of a pipeline.
const stop = Symbol('break');
const next = Symbol('continue');
const missing = Symbol('missing');
type Flow = typeof stop | typeof next | undefined;
type Final = Value | typeof missing;

class Run {
  readonly out: string[] = [];

  constructor(private readonly template: BrowserTemplate, private readonly functions: Record<string, TemplateFunction>) {}

  call(name: string, data: Value, depth: number): void {
    const nodes = own(this.template.templates, name);
    if (!nodes || depth > maxDepth) {
      throw new Error(nodes ? `templates call each other ${maxDepth} deep` : `no template ${name}`);
    }
    new Frame(this, this.out, this.functions, depth, data).list(nodes, data);
  }
}

/** One call of a template, with its variables. */
class Frame {
  private vars: {name: string, value: Value}[];

  constructor(private readonly run: Run, private readonly out: string[], private readonly functions: Record<string, TemplateFunction>,
    private readonly depth: number, data: Value) {
    this.vars = [{name: '$', value: data}];
  }

  list(nodes: TemplateNode[], dot: Value): Flow {
    for (const n of nodes) {
      const flow = this.node(n, dot);
      if (flow) {
        return flow;
      }
    }
    return undefined;
  }

  private node(n: TemplateNode, dot: Value): Flow {
    if (typeof n === 'string') {
      this.out.push(n);
      return undefined;
    }
    switch (n[0]) {
      case 'a': {
        const value = this.pipe(n[1], dot);
        if (n[1][0] === 0) {
          this.out.push(printed(value));
        }
        return undefined;
      }
      case 'i':
      case 'w':
        return this.scoped(() => {
          const value = this.pipe(n[1], dot);
          return isTrue(value) ? this.list(n[2], n[0] === 'w' ? value : dot) : this.list(n[3] ?? [], dot);
        });
      case 'r':
        return this.scoped(() => this.range(n, dot));
      case 't':
        this.run.call(n[1], n[2] ? this.pipe(n[2], dot) : null, this.depth + 1);
        return undefined;
      case 'b':
        return stop;
      case 'c':
        return next;
    }
    throw new Error(`a template has an unknown node ${String(n[0])}`);
  }

  /** Forgets the variables that f declares. */
  private scoped(f: () => Flow): Flow {
    const mark = this.vars.length;
    const flow = f();
    this.vars.length = mark;
    return flow;
  }

  private range(n: ['i' | 'w' | 'r', Pipe, TemplateNode[], TemplateNode[]?], dot: Value): Flow {
    const over = this.pipe(n[1], dot);
    const list = typeof over === 'number' ? Array.from({length: Math.max(0, over)}, (_, i) => i) : over ?? [];
    if (!Array.isArray(list)) {
      throw new Error('range over what is no list');
    }
    const names = n[1][0] || [];
    const assign = names[0] === '=';
    const variables = assign ? names.slice(1) : names;
    if (typeof over === 'number' && variables.length > 1) {
      throw new Error('range over a number has one variable');
    }
    for (const [index, element] of list.entries()) {
      const values = variables.length > 1 ? [index, element] : [element];
      const flow = this.scoped(() => {
        variables.forEach((name, i) => assign ? this.assign(name, values[i]!) : this.declared(name, variables.length - i, values[i]!));
        return this.list(n[2], element);
      });
      if (flow === stop) {
        return undefined;
      }
    }
    return list.length === 0 ? this.list(n[3] ?? [], dot) : undefined;
  }

  /** Sets a variable of range, which its pipeline has declared as the one that
   * is so far from the end. */
  private declared(name: string, fromEnd: number, value: Value): void {
    this.vars[this.vars.length - fromEnd] = {name, value};
  }

  private assign(name: string, value: Value): void {
    this.variable(name).value = value;
  }

  private variable(name: string): {value: Value} {
    const found = this.vars.findLast(v => v.name === name);
    if (!found) {
      throw new Error(`no variable ${name}`);
    }
    return found;
  }

  private pipe(p: Pipe, dot: Value): Value {
    const [declared, ...commands] = p;
    let value: Final = missing;
    for (const c of commands) {
      value = this.command(c, dot, value);
    }
    if (declared !== 0) {
      const assign = declared[0] === '=';
      for (const name of assign ? declared.slice(1) : declared) {
        if (assign) {
          this.assign(name, value as Value);
        } else {
          this.vars.push({name, value: value as Value});
        }
      }
    }
    return value as Value;
  }

  private command(c: Command, dot: Value, final: Final): Value {
    const [first, ...rest] = c;
    if (typeof first === 'string' && /^[^.$"]/.test(first)) {
      return this.invoke(first, rest, dot, final);
    }
    const args = () => [...rest.map(arg => this.operand(arg, dot)), ...(final === missing ? [] : [final])];
    if (typeof first === 'string' && /^[.$].*[^.]$/s.test(first) && first.includes('.')) {
      return this.chain(first, dot, args());
    }
    if (Array.isArray(first) && first.length === 2) {
      return follow(this.pipe(first[0], dot), first[1], args());
    }
    if (rest.length > 0 || final !== missing) {
      throw new Error('arguments for what is no function');
    }
    return this.operand(first!, dot);
  }

  private operand(o: Operand, dot: Value): Value {
    if (Array.isArray(o)) {
      const value = this.pipe(o[0], dot);
      return o.length === 2 ? follow(value, o[1], []) : value;
    }
    if (typeof o !== 'string') {
      return o;
    }
    switch (o[0]) {
      case '"':
        return o.slice(1);
      case '.':
      case '$':
        return this.chain(o, dot, []);
    }
    return this.invoke(o, [], dot, missing);
  }

  /** The value of ".", ".Field", "$x" or "$x.Field". */
  private chain(o: string, dot: Value, args: Value[]): Value {
    if (o === '.') {
      return dot;
    }
    const point = o.indexOf('.');
    const name = point < 0 ? o : o.slice(0, point);
    return follow(name === '' ? dot : this.variable(name).value, point < 0 ? '' : o.slice(point), args);
  }

  private invoke(name: string, operands: Operand[], dot: Value, final: Final): Value {
    if (name === 'and' || name === 'or') {
      return this.shortCircuit(name, operands, dot, final);
    }
    const f = own(this.functions, name);
    if (!f) {
      throw new Error(`no function ${name}`);
    }
    const args = operands.map(o => this.operand(o, dot));
    return f(...args, ...(final === missing ? [] : [final]));
  }

  private shortCircuit(name: 'and' | 'or', operands: Operand[], dot: Value, final: Final): Value {
    let value: Value = null;
    for (const o of operands) {
      value = this.operand(o, dot);
      if (isTrue(value) === (name === 'or')) {
        return value;
      }
    }
    return final === missing ? value : final;
  }
}

/** Follows ".Field.Field" from a value; args are those of a method at its end. */
function follow(value: Value, path: string, args: Value[]): Value {
  const names = path.split('.').slice(1);
  return names.reduce<Value>((v, name, i) => fieldOf(v, name, i === names.length - 1 ? args : []), value);
}

/** What an action writes: html/template has put an escaper last, so it is text. */
function printed(value: Value): string {
  if (value instanceof HTML) {
    return value.html;
  }
  if (typeof value !== 'string') {
    throw new Error('an action without an escaper');
  }
  return value;
}
