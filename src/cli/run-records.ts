/** The verdicts that earlier runs left in runs/, and which claims the scenarios cite. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { VerdictRecord } from '../model/record.ts';
import { listClaims, listImports } from '../claims/claims.ts';
import type { Cli } from './cli.ts';
import { listScenarios } from './topology-file.ts';

/** In the folder of each run. */
export const recordFile = 'verdicts.json';

/** Of all runs; a file that is no such list, as after a full disk, counts as none. */
export const readRecords = async ({ root }: Pick<Cli, 'root'>): Promise<VerdictRecord[]> => {
  const folder = join(root, 'runs');
  const runs = await readdir(folder).catch(() => []);
  const texts = await Promise.all(runs.map((run) => readFile(join(folder, run, recordFile), 'utf8').catch(() => '[]')));
  return texts.flatMap(parseRecords);
};

const parseRecords = (text: string): VerdictRecord[] => {
  try {
    const records: unknown = JSON.parse(text);
    return Array.isArray(records) ? (records as VerdictRecord[]) : [];
  } catch {
    return [];
  }
};

/** Scenario → the claims that its file, or one that it imports, cites. */
export const readCitations = async (cli: Pick<Cli, 'root'>): Promise<Map<string, Set<string>>> => {
  const folder = pathToFileURL(`${join(cli.root, 'scenarios')}/`);
  const names = await listScenarios(cli);
  return new Map(
    await Promise.all(names.map(async (name): Promise<[string, Set<string>]> => [name, await readCited(new URL(`${name}.ts`, folder))])),
  );
};

/** The claims that a scenario cites, in its file or one that it imports. */
export const readCited = async (file: URL, seen = new Set<string>()): Promise<Set<string>> => {
  if (seen.has(file.href)) return new Set();
  seen.add(file.href);
  const text = await readFile(file, 'utf8');
  const claims = new Set(listClaims(text));
  for (const imported of listImports(text, file)) for (const claim of await readCited(imported, seen)) claims.add(claim);
  return claims;
};
