/** From plain data to the raw topology: wrong shapes become diagnostics, and what is right stays usable for the other checks. */
import type { Path, SourceDocument } from '../lib/document.ts';
import type { ErrorCode } from '../lib/error-codes.ts';
import { suggest } from '../lib/names.ts';
import { natPresets } from '../nat/nat.ts';
import { synonyms } from './as-meant.ts';
import { type Misfit, findMisfits, valueAt } from './misfits.ts';
import { type Problems, quote } from './problems.ts';
import type { RawTopology } from './schema.ts';

/**
 * A raw topology in which anything may be missing. A key that is there with the value undefined was wrong and has been
 * reported: checks keep silent about it. A key that is not there was not written.
 */
type Loose<T> = T extends readonly (infer Item)[]
  ? (Loose<Item> | undefined)[]
  : T extends object
    ? { [Key in keyof T]?: Loose<T[Key]> | undefined }
    : T;
/** What all resolvers and checks read. */
export type LooseTopology = Loose<RawTopology>;

/** True when the key was written but its value cannot be used (and has been reported). */
export const isBroken = (mapping: object | undefined, key: string): boolean =>
  mapping !== undefined && Object.hasOwn(mapping, key) && (mapping as Record<string, unknown>)[key] === undefined;

/** Checks the shape and reports every misfit of it; undefined when there is no mapping at the top. */
export const checkShape = (document: SourceDocument, problems: Problems): LooseTopology | undefined => {
  const { data } = document;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const hint = 'begin with "name: my-lab" and "sites:"; topologies/two-lans.yaml is an example';
    const message = data === null || data === undefined ? 'the file is empty' : `a topology is a mapping, not ${describeKind(data)}`;
    problems.error('TOPO003', [], message, hint);
    return undefined;
  }
  const result = findMisfits(data);
  if ('raw' in result) return result.raw;
  return blankOut(data, reportMisfits(result.misfits, document, problems)) as LooseTopology;
};

/** Reports the misfits; returns the paths whose values must not be used. */
const reportMisfits = (misfits: Misfit[], document: SourceDocument, problems: Problems): Path[] => {
  for (const misfit of misfits) {
    if (misfit.kind !== 'unknown-key') reportValue(misfit, document, problems);
    else
      problems.errorAtKey(
        'TOPO004',
        misfit.path,
        `unknown key ${quote(String(misfit.path.at(-1)))}`,
        `keys here: ${misfit.known.join(', ')}`,
      );
  }
  return misfits.filter(({ kind }) => kind !== 'missing-key' && kind !== 'unknown-key').map(({ path }) => path);
};

const reportValue = (misfit: Exclude<Misfit, { kind: 'unknown-key' }>, document: SourceDocument, problems: Problems): void => {
  const { path, kind } = misfit;
  const key = String(path.findLast((segment) => typeof segment === 'string'));
  const value = valueAt(document.data, path);
  const written = document.sourceText(path) ?? '';
  const help = misfit.help === '' ? undefined : misfit.help;
  if (kind === 'missing-key') {
    problems.errorAtKey('TOPO005', path.slice(0, -1), `missing key ${quote(key)}`, help);
  } else if (kind === 'unknown-word') {
    const { code, noun, list = misfit.known } = words[key] ?? { code: 'TOPO013', noun: key };
    const hint = `${suggest(written, misfit.known, synonyms)}there are: ${list.join(', ')}`;
    problems.error(code, path, `unknown ${noun} ${quote(written)}`, hint);
  } else if (kind === 'out-of-range') {
    problems.error('TOPO008', path, `${quote(key)} must be ${misfit.range}, not ${written}`, help);
  } else {
    const quoted = key === 'name' && typeof value === 'number' ? `write it in quotes: "${written}"` : undefined;
    const bare = misfit.expected.endsWith('number') && /^\d+$/.test(written) ? `write it without quotes: ${written}` : undefined;
    const message = value === null ? `${quote(key)} is empty, but must be` : `${quote(key)} must be`;
    const instead = value === null ? '' : `, not ${describeKind(value)}`;
    problems.error('TOPO006', path, `${message} ${misfit.expected}${instead}`, quoted ?? bare ?? help);
  }
};

/** How unknown words are called, by the key they stand at. Aliases are accepted but not listed. */
const words: Record<string, { code: ErrorCode; noun: string; list?: string[] }> = {
  nat: { code: 'TOPO014', noun: 'NAT preset', list: natPresets.map(({ name }) => name) },
  role: { code: 'TOPO013', noun: 'role' },
  on: { code: 'TOPO013', noun: 'place' },
  ports: { code: 'TOPO013', noun: 'port assignment' },
  firewall6: { code: 'TOPO013', noun: 'filtering' },
};

const describeKind = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? `the text ${quote(value)}` : 'a mapping';
};

/** A copy of the data with undefined at each of the paths; aliases share values, so nothing is changed in place. */
const blankOut = (data: unknown, paths: Path[]): unknown => paths.reduce((copy, path) => withoutValue(copy, path), data);

const withoutValue = (value: unknown, [key, ...rest]: Path): unknown => {
  if (key === undefined || typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === key ? withoutValue(item, rest) : item));
  const mapping = value as Record<string, unknown>;
  return { ...mapping, [key]: withoutValue(mapping[key], rest) };
};
