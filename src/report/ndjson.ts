/** All events of a run, one JSON document a line: from it every other report can be made again. */
import type { LabEvent, Reporter } from '../model/event.ts';

/** Hands the whole text to `save` at the end. */
export const makeNdjsonReporter = (save: (text: string) => Promise<void>): Reporter => {
  const lines: string[] = [];
  return {
    on: (event: LabEvent) => void lines.push(`${JSON.stringify(event)}\n`),
    end: () => save(lines.join('')),
  };
};

/** The events back from such a text. */
export const readNdjson = (text: string): LabEvent[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabEvent);
