/** YAML text with positions: what a file says, and where it says it. The only importer of the yaml package. */
import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Diagnostic, Place } from '../model/diagnostic.ts';
import { messageOf } from './message-of.ts';
import { findYamlErrors } from './yaml-errors.ts';
import { type MakePlace, nodePlace, placeMaker } from './yaml-places.ts';

export { stringify } from 'yaml';

/** Keys and indices from the top of the document to one value. */
export type Path = readonly (string | number)[];

/** A file that was read: its value as plain data, and the place of each key and value. */
export type SourceDocument = {
  file: string;
  /** Plain data; undefined when the text is not YAML (see `diagnostics`). May hold cycles where aliases make them. */
  data: unknown;
  /** Syntax errors (TOPO002), duplicate keys (TOPO007) and the one key no object can have (TOPO004). */
  diagnostics: Diagnostic[];
  /** False after a syntax error: then the data is not worth looking at. */
  wellFormed: boolean;
  /** Where the key at the end of the path is written; for list items the item, for the top its first key. */
  keyPlace: (path: Path) => Place;
  /** Where the value is written; for an absent, empty or multi-line value its key. */
  valuePlace: (path: Path) => Place;
  /** The text of a plain or quoted value as written (`1.30` stays `1.30`); undefined for mappings, lists and absent values. */
  sourceText: (path: Path) => string | undefined;
};

/** Reads one YAML document; never throws, whatever the text. */
export const readDocument = (text: string, file: string): SourceDocument => {
  if (nestsTooDeeply(text)) return unreadable(file, 'it is nested too deeply');
  try {
    return parse(text.replace(/^\uFEFF/, ''), file);
  } catch (error) {
    // What the parser throws instead of reporting: a bomb of nested aliases, a merge of something that is no mapping.
    return unreadable(file, messageOf(error));
  }
};

/** More open brackets than any file made by a person has; deeper ones cost the parser seconds and then its call stack. */
const deepest = 200;
const nestsTooDeeply = (text: string): boolean => {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
};

/** Values that aliases may stand for altogether: enough for any lab, few enough for nested ones not to blow up. */
const mostAliases = 100_000;

/** What is reported as a key that no object can have is left out: schemas do not see it, so nothing behind it would be checked. */
const hasForbiddenKey = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ code }) => code === 'TOPO004');
const reviver = (key: unknown, value: unknown): unknown => (key === '__proto__' ? undefined : value);

const parse = (text: string, file: string): SourceDocument => {
  const place = placeMaker(text, file);
  const options = { keepSourceTokens: true, stringKeys: true, merge: true, prettyErrors: false, logLevel: 'error' } as const;
  const document = parseDocument(text, options);
  const diagnostics = findYamlErrors(document, text, place);
  const wellFormed = diagnostics.every(({ code }) => code !== 'TOPO002');
  const data: unknown = wellFormed
    ? document.toJS({ maxAliasCount: mostAliases, ...(hasForbiddenKey(diagnostics) && { reviver }) })
    : undefined;
  return { file, data, diagnostics, wellFormed, ...makeFinder(document, place) };
};

const unreadable = (file: string, why: string): SourceDocument => {
  const top: Place = { file, line: 1, column: 1, length: 1 };
  const diagnostics: Diagnostic[] = [{ code: 'TOPO002', severity: 'error', message: `the YAML cannot be read: ${why}`, place: top }];
  const nowhere = { keyPlace: () => top, valuePlace: () => top, sourceText: () => undefined };
  return { file, data: undefined, diagnostics, wellFormed: false, ...nowhere };
};

const makeFinder = (document: Document.Parsed, place: MakePlace) => {
  const find = (path: Path) => findNode(document, path);
  const keyPlace = (path: Path): Place => {
    const { pair, node } = find(path);
    if (pair) return nodePlace(pair.key, place);
    if (path.length > 0 && typeof path.at(-1) === 'number' && node) return nodePlace(node, place);
    if (path.length > 0) return keyPlace(path.slice(0, -1));
    const first = isMap(node) ? node.items[0]?.key : node;
    return nodePlace((first ?? node) as Node | null, place);
  };
  const valuePlace = (path: Path): Place => {
    const { node } = find(path);
    const [start = 0, end = 0] = node?.range ?? [];
    const length = end - start;
    const at = place(start, end);
    return length > 0 && at.length === length ? at : keyPlace(path);
  };
  const sourceText = (path: Path): string | undefined => {
    const node = resolveAlias(document, find(path).node);
    return isScalar(node) ? (node.source ?? String(node.value)) : undefined;
  };
  return { keyPlace, valuePlace, sourceText };
};

type Found = { node: Node | null; pair?: Pair<Node, Node | null> };

const findNode = (document: Document.Parsed, path: Path): Found => {
  let found: Found = { node: document.contents };
  for (const segment of path) {
    const parent = resolveAlias(document, found.node);
    if (isSeq(parent)) found = { node: (parent.items[Number(segment)] ?? null) as Node | null };
    else {
      const pair = findPair(document, parent, String(segment), new Set());
      if (!pair) return { node: null };
      found = { node: pair.value, pair };
    }
  }
  return found;
};

/** The pair with this key in a mapping, or in one it merges with `<<`. The last of duplicates, as in the data. */
const findPair = (document: Document, from: Node | null, key: string, seen: Set<Node>): Pair<Node, Node | null> | undefined => {
  const map = resolveAlias(document, from);
  if (!map || seen.has(map)) return undefined;
  seen.add(map);
  if (isSeq(map)) return firstOf(map.items, (item) => findPair(document, item as Node, key, seen));
  if (!isMap(map)) return undefined;
  const pairs = map.items as Pair<Node, Node | null>[];
  const own = pairs.findLast((pair) => isScalar(pair.key) && String(pair.key.value) === key);
  if (own) return own;
  const merges = pairs.filter((pair) => isScalar(pair.key) && pair.key.source === '<<');
  return firstOf(merges, (pair) => findPair(document, pair.value, key, seen));
};

const firstOf = <T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined => {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
};

const resolveAlias = (document: Document, node: Node | null): Node | null => (isAlias(node) ? (node.resolve(document) ?? null) : node);
