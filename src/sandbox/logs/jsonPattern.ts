import { type Operator, type Wanted, comparison, invalidPattern } from './patternValue';

type Test = (event: unknown) => boolean;
type Step = string | number | '*';

/** What a selector finds: nothing when the property is not there. */
type Selector = (event: unknown) => readonly unknown[];

const tokens =
  /\s*(?:(\$(?:\.(?:[\w@*-]+)|\[\s*(?:\d+|\*|'[^']*'|"[^"]*")\s*\]|\.\[\s*'[^']*'\s*\])*)|(&&|\|\||!=|<=|>=|[=<>(){}])|"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%&|=<>!(){}]+))/y;

interface Token {
  readonly kind: 'selector' | 'sign' | 'quoted' | 'regex' | 'bare';
  readonly text: string;
}

function tokenize(text: string): Token[] {
  const found: Token[] = [];
  tokens.lastIndex = 0;
  while (text.slice(tokens.lastIndex).trim() !== '') {
    const match = tokens.exec(text);
    if (!match) throw invalidPattern();
    const [, selector, sign, quoted, regex, bare] = match;
    if (selector !== undefined) found.push({ kind: 'selector', text: selector });
    else if (sign !== undefined) found.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (regex !== undefined) found.push({ kind: 'regex', text: regex });
    else found.push({ kind: 'bare', text: bare ?? '' });
  }
  return found;
}

/** `{ ($.level = "error" || $.status >= 500) && $.user NOT EXISTS }`. Messages that are not JSON never match. */
export function jsonPattern(text: string): (message: string) => boolean {
  const reader = new Reader(tokenize(text));
  reader.sign('{');
  const test = reader.either();
  reader.sign('}');
  reader.end();
  return (message) => {
    if (!/^\s*[[{]/.test(message)) return false;
    try {
      return test(JSON.parse(message));
    } catch {
      return false;
    }
  };
}

/** Recursive descent: `||` binds less than `&&`. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  either(): Test {
    const tests = [this.#both()];
    while (this.#takes('||')) tests.push(this.#both());
    return (event) => tests.some((test) => test(event));
  }

  sign(text: string): void {
    if (!this.#takes(text)) throw invalidPattern();
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw invalidPattern();
  }

  #both(): Test {
    const tests = [this.#one()];
    while (this.#takes('&&')) tests.push(this.#one());
    return (event) => tests.every((test) => test(event));
  }

  #one(): Test {
    if (!this.#takes('(')) return this.#condition();
    this.#depth += 1;
    if (this.#depth > 50) throw invalidPattern();
    const inner = this.either();
    this.sign(')');
    this.#depth -= 1;
    return inner;
  }

  #condition(): Test {
    const { kind, text } = this.#next();
    if (kind !== 'selector') throw invalidPattern();
    const select = selectorOf(text);
    const sign = this.#next();
    if (sign.kind === 'bare') return this.#words(select, sign.text);
    if (sign.kind !== 'sign' || !['=', '!=', '<', '>', '<=', '>='].includes(sign.text)) throw invalidPattern();
    const value = this.#next();
    if (value.kind === 'sign' || value.kind === 'selector') throw invalidPattern();
    const compare = comparison(sign.text as Operator, value as Wanted);
    return (event) => select(event).some(compare);
  }

  #words(select: Selector, first: string): Test {
    const word = (): string => {
      const { kind, text } = this.#next();
      if (kind !== 'bare') throw invalidPattern();
      return text;
    };
    if (first === 'EXISTS') return (event) => select(event).length > 0;
    if (first === 'NOT' && word() === 'EXISTS') return (event) => select(event).length === 0;
    if (first !== 'IS') throw invalidPattern();
    const wanted = { NULL: null, TRUE: true, FALSE: false }[word()];
    if (wanted === undefined) throw invalidPattern();
    return (event) => select(event).some((value) => value === wanted);
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #next(): Token {
    const token = this.#tokens[this.#at];
    if (!token) throw invalidPattern();
    this.#at += 1;
    return token;
  }
}

function selectorOf(text: string): Selector {
  const parts = text.matchAll(/\.([\w@*-]+)|\[\s*(?:(\d+)|(\*)|'([^']*)'|"([^"]*)")\s*\]/g);
  const steps = [...parts].map(([, name, index, all, single, double]): Step => {
    if (index !== undefined) return Number(index);
    return name ?? all ?? single ?? double ?? '';
  });
  return (event) =>
    steps.reduce<readonly unknown[]>((values, step) => values.flatMap((value) => into(value, step)), [event]);
}

function into(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  return Object.hasOwn(value, step) ? [(value as Record<Step, unknown>)[step]] : [];
}
