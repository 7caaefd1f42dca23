/** What a process of a container prints: line by line while it comes, and as text in the end. */
import type { ExecOptions } from '../engine.ts';
import { makeLineSplitter } from '../line-splitter.ts';
import { makeDemultiplexer } from './demux.ts';

/** `ended`: with the stream, whoever ended it. `texts` is called once, then; a last line without its end is told by it. */
type Collected = { ended: Promise<void>; texts: () => { stdout: string; stderr: string } };

/** `stream` carries both outputs, as Docker mixes them. */
export function collectOutput(stream: NodeJS.ReadableStream, { onLine, onBytes }: Pick<ExecOptions, 'onLine' | 'onBytes'>): Collected {
  const splitters = {
    stdout: makeLineSplitter(onLine && ((line) => onLine(line, 'stdout'))),
    stderr: makeLineSplitter(onLine && ((line) => onLine(line, 'stderr'))),
  };
  stream.on(
    'data',
    makeDemultiplexer((payload, output) => (onBytes && output === 'stdout' ? onBytes(payload) : splitters[output].push(payload))),
  );
  const ended = new Promise<void>((resolve, reject) => stream.once('end', resolve).once('close', resolve).once('error', reject));
  // The error is reported by whoever waits for the end; nobody does when the process was stopped.
  ended.catch(() => undefined);
  return { ended, texts: () => ({ stdout: splitters.stdout.end(), stderr: splitters.stderr.end() }) };
}
