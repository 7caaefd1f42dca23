/** A document read as its author meant it: a mistyped key is reported, and then taken for the key it was meant to be. */
import type { Path, SourceDocument } from '../lib/document.ts';
import { nearestName } from '../lib/names.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type Misfit, findMisfits, valueAt } from './misfits.ts';
import { quote } from './problems.ts';

/** Words people know from other tools, and what they are called here. */
export const synonyms: Readonly<Record<string, string>> = {
  ip: 'address',
  cidr: 'subnet',
  network: 'subnet',
  service: 'port',
  k8s: 'kubernetes',
  master: 'control-plane',
};

/**
 * With the mistyped keys renamed in the data, everything behind them is checked in the same go. Places still are those
 * of the file: the document that is returned leads a renamed path back to what was written.
 */
export const readAsMeant = (document: SourceDocument): { document: SourceDocument; diagnostics: Diagnostic[] } => {
  const renames = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  let { data } = document;
  const written = (path: Path): Path => path.map((key, index) => renames.get(JSON.stringify(path.slice(0, index + 1))) ?? key);
  // Each pass reads one level deeper behind what the pass before it renamed.
  for (let slips = findSlips(data); slips.length > 0; slips = findSlips(data)) {
    for (const { path, known } of slips) {
      const key = String(path.at(-1));
      const parent = path.slice(0, -1);
      const meant = meantKey(key, known, valueAt(data, parent));
      // Another slip of this pass may have been taken for the same key.
      if (meant === undefined) continue;
      const hint = `did you mean "${meant}"? keys here: ${known.join(', ')}`;
      const place = document.keyPlace(written(path));
      diagnostics.push({ code: 'TOPO004', severity: 'error', message: `unknown key ${quote(key)}`, hint, place });
      data = renameKey(data, parent, key, meant);
      renames.set(JSON.stringify([...parent, meant]), key);
    }
  }
  if (renames.size === 0) return { document, diagnostics };
  const meantDocument: SourceDocument = {
    ...document,
    data,
    keyPlace: (path) => document.keyPlace(written(path)),
    valuePlace: (path) => document.valuePlace(written(path)),
    sourceText: (path) => document.sourceText(written(path)),
  };
  return { document: meantDocument, diagnostics };
};

type UnknownKey = Misfit & { kind: 'unknown-key' };

const findSlips = (data: unknown): UnknownKey[] => {
  const result = findMisfits(data);
  if ('raw' in result) return [];
  const unknown = result.misfits.filter((misfit) => misfit.kind === 'unknown-key');
  return unknown.filter(({ path, known }) => meantKey(String(path.at(-1)), known, valueAt(data, path.slice(0, -1))) !== undefined);
};

/** The known key that was probably meant, if it is not there itself. */
const meantKey = (key: string, known: string[], parent: unknown): string | undefined => {
  const present = Object.keys(parent ?? {});
  const free = known.filter((word) => !present.includes(word));
  return nearestName(key, free, synonyms);
};

const renameKey = (value: unknown, [step, ...rest]: Path, from: string, to: string): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === step ? renameKey(item, rest, from, to) : item));
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => {
    if (step === undefined) return [key === from ? to : key, item];
    return [key, key === step ? renameKey(item, rest, from, to) : item];
  });
  return Object.fromEntries(entries);
};
