/** What is wrong with a text as YAML, in words a person who never read the YAML specification understands. */
import type { Document, YAMLError } from 'yaml';
import { isScalar, visit } from 'yaml';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type MakePlace, nodePlace } from './yaml-places.ts';

/** Syntax errors, duplicate keys, aliases without anchor, and the one key no object can have. */
export const findYamlErrors = (document: Document.Parsed, text: string, place: MakePlace): Diagnostic[] => [
  ...syntaxErrors(document, place, text),
  ...duplicateKeys(document, place),
  ...unresolvedAliases(document, place),
  ...prototypeKeys(document, place),
];

/** One problem a line is enough: the parser's later ones on it follow from the first. The same one on many lines is told once. */
const syntaxErrors = (document: Document.Parsed, place: MakePlace, text: string): Diagnostic[] => {
  const lines = new Set<number>();
  const messages = new Set<string>();
  const found: Diagnostic[] = [];
  for (const error of [...document.errors, ...document.warnings]) {
    // An error at the end of the file is shown after its last character, not on the empty line below.
    const start = Math.min(error.pos[0], Math.max(0, text.trimEnd().length));
    const at = place(start, error.pos[1]);
    const { message, hint } = describeSyntaxError(error);
    if (error.code === 'DUPLICATE_KEY' || lines.has(at.line) || messages.has(message)) continue;
    lines.add(at.line);
    messages.add(message);
    found.push({ code: 'TOPO002', severity: 'error', message, ...(hint ? { hint } : {}), place: at });
  }
  return found;
};

/** The parser knows that a key is written twice; here it also learns where. */
const duplicateKeys = (document: Document.Parsed, place: MakePlace): Diagnostic[] => {
  const repeated = new Set(document.errors.filter(({ code }) => code === 'DUPLICATE_KEY').map(({ pos }) => pos[0]));
  const found: Diagnostic[] = [];
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

const unresolvedAliases = (document: Document.Parsed, place: MakePlace): Diagnostic[] => {
  const found: Diagnostic[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
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
const describeSyntaxError = ({ code, message }: YAMLError): { message: string; hint?: string } => {
  const unclosed = /^Flow (map|sequence)/.exec(message)?.[1];
  if (unclosed) return { message: `a ${unclosed === 'map' ? '{' : '['} before here is not closed` };
  const hint = hints[code];
  return { message: messages[code] ?? lowerFirst(message), ...(hint ? { hint } : {}) };
};

const messages: Record<string, string> = {
  TAB_AS_INDENT: 'a tab indents this line',
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
