/** What zod found wrong, in the few kinds that can be worded well. */
import { z } from 'zod';
import type { Path } from '../lib/document.ts';
import { type RawTopology, topologySchema } from './schema.ts';

/** One wrong spot. `help` is what the schema says the value is for; empty when it says nothing. */
export type Misfit = { path: Path; help: string } & (
  | { kind: 'unknown-key'; known: string[] }
  | { kind: 'missing-key' }
  | { kind: 'wrong-kind'; expected: string }
  | { kind: 'unknown-word'; known: string[] }
  | { kind: 'out-of-range'; range: string }
);

/** The typed data, or every misfit of its shape. */
export const findMisfits = (data: unknown): { raw: RawTopology } | { misfits: Misfit[] } => {
  const parsed = topologySchema.safeParse(data, { error: helpText });
  if (parsed.success) return { raw: parsed.data };
  return { misfits: parsed.error.issues.flatMap((issue) => readIssue(issue, [], data)) };
};

/** The value at a path; undefined where the data has none. */
export const valueAt = (data: unknown, path: Path): unknown => {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
};

/** zod's messages carry what only zod knows here: for an unknown key the keys that are known, else the description. */
const helpText = (issue: z.core.$ZodRawIssue): string => {
  const schema = issue.schema ?? issue.inst;
  if (issue.code === 'unrecognized_keys' && schema instanceof z.ZodObject) return Object.keys(schema.shape).join(' ');
  return schema instanceof z.ZodType ? (schema.description ?? '') : '';
};

const readIssue = (issue: z.core.$ZodIssue, above: Path, data: unknown): Misfit[] => {
  const path = [...above, ...(issue.path as (string | number)[])];
  const help = issue.message;
  if (isMissing(data, path)) return [{ kind: 'missing-key', path, help }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ kind: 'unknown-key', path: [...path, key], help: '', known: help.split(' ') }));
    case 'invalid_union':
      return readUnion(issue.errors, path, help, data);
    case 'invalid_value':
      if (typeof valueAt(data, path) !== 'string') return [{ kind: 'wrong-kind', path, help, expected: 'text' }];
      return [{ kind: 'unknown-word', path, help, known: issue.values.map(String) }];
    case 'too_small':
      return [{ kind: 'out-of-range', path, help, range: `at least ${issue.minimum}` }];
    case 'too_big':
      return [{ kind: 'out-of-range', path, help, range: `at most ${issue.maximum}` }];
    case 'invalid_type':
      return [{ kind: 'wrong-kind', path, help, expected: kindWords[issue.expected] ?? issue.expected }];
    default:
      return [{ kind: 'wrong-kind', path, help, expected: 'something else' }];
  }
};

const kindWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** Of the alternatives of a union the one that was meant: the one whose kind of value is there. */
const readUnion = (branches: z.core.$ZodIssue[][], path: Path, help: string, data: unknown): Misfit[] => {
  const alternatives = branches.map((issues) => issues.flatMap((issue) => readIssue(issue, path, data)));
  const isOtherKind = ([misfit]: Misfit[]) => misfit?.kind === 'wrong-kind' && misfit.path.length === path.length;
  const meant = alternatives.find((misfits) => !isOtherKind(misfits));
  if (meant) return meant;
  const expected = alternatives.flatMap(([misfit]) => (misfit?.kind === 'wrong-kind' ? misfit.expected.split(' or ') : []));
  // A number is one way of writing a version, which is text to a person.
  const kinds = [...new Set(expected)].filter((kind) => kind !== 'a number' || !expected.includes('text'));
  return [{ kind: 'wrong-kind', path, help, expected: kinds.join(' or ') }];
};

const isMissing = (data: unknown, path: Path): boolean => {
  const parent = valueAt(data, path.slice(0, -1));
  return path.length > 0 && typeof parent === 'object' && parent !== null && !Object.hasOwn(parent, path.at(-1) ?? '');
};
