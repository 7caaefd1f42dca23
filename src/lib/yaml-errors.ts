/** What is wrong with a text as YAML, in words a person who never read the YAML specification understands. */
import type { Document, YAMLError } from 'yaml';
import { isScalar, visit } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type MakePlace, nodePlace } from './yaml-places.ts';

/** Syntax errors, duplicate keys, aliases without anchor, and the one key no object can have. */
export const findYamlErrors = (document: Document.Parsed, text: string, place: MakePlace): Diagnostic[] => [
  ...syntaxErrors(document, place, text),
  ...duplicateKeys(document, place),
  ...(text.includes('*') ? unresolvedAliases(document, place) : []),
  ...prototypeKeys(document, place),
];

/** One problem a line is enough: the parser's later ones on it follow from the first. The same one on many lines is told once. */
const syntaxErrors = (document: Document.Parsed, place: MakePlace, text: string): Diagnostic[] => {
  const lines = new Set<number>();
  const messages = new Set<string>();
  const found: Diagnostic[] = [];
  for (const error of [...document.errors, ...document.warnings]) {
    const { message, hint, start, end } = explain(error, document, text);
    const at = place(start, end);
    if (error.code === 'DUPLICATE_KEY' || lines.has(at.line) || messages.has(message)) continue;
    lines.add(at.line);
    messages.add(message);
    found.push({ code: 'TOPO002', severity: 'error', message, ...(hint ? { hint } : {}), place: at });
  }
  return found;
};

type Words = { message: string; hint?: string };

/** Words and the offsets to point at: the parser names where it gave up, which for what was never closed is the end of the file. */
const explain = (error: YAMLError, document: Document.Parsed, text: string): Words & { start: number; end: number } => {
  const { pos, message } = error;
  const opened = /^Flow |^Missing closing/.test(message) ? findOpened(document, text, pos[0]) : undefined;
  if (opened !== undefined) {
    const words = { message: `this ${text[opened] ?? ''} is not closed`, hint: 'every bracket and every quote needs its partner' };
    return { ...words, start: opened, end: opened + 1 };
  }
  // Not the space before a word, and not the empty line after the last one.
  const start = pos[0] + (/^ */.exec(text.slice(pos[0]))?.[0].length ?? 0);
  return { ...describe(error), start: Math.min(start, text.trimEnd().length), end: Math.max(pos[1], start + 1) };
};

/** The offset of the last bracket or quote before the spot that has no partner. */
const findOpened = (document: Document.Parsed, text: string, before: number): number | undefined => {
  let opened: number | undefined;
  visit(document, {
    Collection: (_, { srcToken }) => {
      if (srcToken?.type !== 'flow-collection' || srcToken.offset >= before) return;
      if (!srcToken.end.some(({ type }) => type.startsWith('flow-'))) opened = srcToken.offset;
    },
    Scalar: (_, { type, range }) => {
      if (!type?.startsWith('QUOTE') || !range || range[0] >= before) return;
      const [start, end] = range;
      if (end - start < 2 || text[end - 1] !== text[start]) opened = start;
    },
  });
  return opened;
};

/** The parser knows that a key is written twice; here it also learns where. */
const duplicateKeys = (document: Document.Parsed, place: MakePlace): Diagnostic[] => {
  const repeated = new Set(document.errors.filter(({ code }) => code === 'DUPLICATE_KEY').map(({ pos }) => pos[0]));
  const found: Diagnostic[] = [];
  if (repeated.size === 0) return found;
  visit(document, {
    Map: (_, map) => {
      const keys = map.items.map(({ key }) => key).filter((key) => isScalar(key));
      for (const key of keys) {
        const first = keys.find(({ value }) => value === key.value);
        if (!key.range || !repeated.has(key.range[0]) || !first) continue;
        const message = `the key "${String(key.value)}" is written twice in one mapping`;
        const hint = `it is on line ${nodePlace(first, place).line} too; keep one of the two`;
        found.push({ code: 'TOPO007', severity: 'error', message, hint, place: nodePlace(key, place) });
      }
    },
  });
  return found;
};

/** Nodes are visited in the order of the text, and an anchor holds from where it stands. */
const unresolvedAliases = (document: Document.Parsed, place: MakePlace): Diagnostic[] => {
  const found: Diagnostic[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return;
      const message = `unknown alias "*${alias.source}"`;
      const hint = `an anchor "&${alias.source}" must be set before it is used`;
      found.push({ code: 'TOPO002', severity: 'error', message, hint, place: nodePlace(alias, place) });
    },
  });
  return found;
};

/** Programs pass over this key in silence, so nobody else would report it. */
const prototypeKeys = (document: Document.Parsed, place: MakePlace): Diagnostic[] => {
  const found: Diagnostic[] = [];
  visit(document, {
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '__proto__') return;
      found.push({ code: 'TOPO004', severity: 'error', message: 'unknown key "__proto__"', place: nodePlace(key, place) });
    },
  });
  return found;
};

/** Message and hint for one syntax error; unknown kinds keep the parser's own words. */
const describe = ({ code, message }: YAMLError): Words => {
  if (message.startsWith('Flow ')) {
    return {
      message: 'a line inside brackets begins too far left',
      hint: 'indent it, the closing bracket too, more than the key it belongs to',
    };
  }
  const unexpected = /^Unexpected .*: ("[^]*")$/.exec(message)?.[1];
  if (unexpected !== undefined) return { message: `${unexpected} is not expected here` };
  if (message.startsWith('Unexpected block-seq-ind')) {
    return { message: 'a list begins on the line of its key', hint: 'begin it on a new line, or write it as [a, b]' };
  }
  const hint = hints[code];
  return { message: messages[code] ?? lowerFirst(message), ...(hint ? { hint } : {}) };
};

const messages: Record<string, string> = {
  TAB_AS_INDENT: 'a tab indents this line',
  BAD_INDENT: 'this line does not begin in the column of its siblings',
  BLOCK_AS_IMPLICIT_KEY: 'a value and a nested mapping stand on one line',
  MULTILINE_IMPLICIT_KEY: 'a key is spread over more than one line',
  MULTIPLE_DOCS: 'a second YAML document starts here',
  NON_STRING_KEY: 'a key must be text',
  TAG_RESOLVE_FAILED: 'a YAML tag (!…) means nothing here',
  RESOURCE_EXHAUSTION: 'the YAML is nested too deeply',
};

const hints: Record<string, string> = {
  TAB_AS_INDENT: 'YAML is indented with spaces only',
  BLOCK_AS_IMPLICIT_KEY: 'start the mapping on a new line, or quote the text if ": " belongs to it',
  MULTILINE_IMPLICIT_KEY: 'is a ":" missing after the key, or is a line indented too far?',
  MULTIPLE_DOCS: 'one file describes one lab; remove the "---"',
  BAD_INDENT: 'keys of one mapping start in the same column',
  BAD_SCALAR_START: 'put the value in quotes',
};

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
