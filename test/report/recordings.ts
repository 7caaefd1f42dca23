/** Event lists of real runs against the fake engine, kept as the renderers would get them. */
import { readFile } from 'node:fs/promises';
import type { LabEvent } from '../../src/model/event.ts';
import { readNdjson } from '../../src/report/report.ts';

export const recordings = ['passed', 'mistaken', 'failed', 'reused', 'down', 'unfit', 'skipped', 'refused', 'known', 'several'] as const;
export type Recording = (typeof recordings)[number];

export const readRecording = async (name: Recording): Promise<LabEvent[]> =>
  readNdjson(await readFile(new URL(`recorded/${name}.ndjson`, import.meta.url), 'utf8'));

export const goldenOf = (name: string): URL => new URL(`goldens/${name}`, import.meta.url);

/** A stream that remembers what was written. */
export const makeStream = (columns?: number): { write: (text: string) => boolean; text: () => string; columns?: number } => {
  let written = '';
  return {
    write: (text) => {
      written += text;
      return true;
    },
    text: () => written,
    ...(columns === undefined ? {} : { columns }),
  };
};
