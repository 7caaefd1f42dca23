/** What a process of a container prints: line by line while it comes, and as text in the end. */
import type { ExecOptions } from '../engine.ts';
import { makeLineSplitter } from '../line-splitter.ts';
import { makeDemultiplexer } from './demux.ts';

/** `texts` is called once, at the end; a last line without its end is told by it. */
export type Output = { write: (payload: Uint8Array, output: 'stdout' | 'stderr') => void; texts: () => { stdout: string; stderr: string } };

/** Takes both outputs chunk by chunk. */
export function makeOutput({ onLine, onBytes }: Pick<ExecOptions, 'onLine' | 'onBytes'>): Output {
  const splitters = {
    stdout: makeLineSplitter(onLine && ((line) => onLine(line, 'stdout'))),
    stderr: makeLineSplitter(onLine && ((line) => onLine(line, 'stderr'))),
  };
  return {
    write: (payload, output) => (onBytes && output === 'stdout' ? onBytes(payload) : splitters[output].push(payload)),
    texts: () => ({ stdout: splitters.stdout.end(), stderr: splitters.stderr.end() }),
  };
}

/** `ended`: with the stream, whoever ended it. */
type Collected = Pick<Output, 'texts'> & { ended: Promise<void> };

/** `stream` carries both outputs, as Docker mixes them. */
export function collectOutput(stream: NodeJS.ReadableStream, options: Pick<ExecOptions, 'onLine' | 'onBytes'>): Collected {
  const { write, texts } = makeOutput(options);
  stream.on('data', makeDemultiplexer(write));
  const ended = new Promise<void>((resolve, reject) => stream.once('end', resolve).once('close', resolve).once('error', reject));
  // The error is reported by whoever waits for the end; nobody does when the process was stopped.
  ended.catch(() => undefined);
  return { ended, texts };
}
