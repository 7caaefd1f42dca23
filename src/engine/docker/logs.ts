/** The log of a container's first process, line by line. */
import type { Readable } from 'node:stream';
import type { LogOptions } from '../engine.ts';
import { makeLineSplitter } from '../line-splitter.ts';
import { ask, type Connection } from './connection.ts';
import { makeDemultiplexer } from './demux.ts';

/** All lines there are now, or the last `tail` of them. */
export async function readLog(connection: Connection, id: string, tail?: number): Promise<string[]> {
  const container = connection.docker.getContainer(id);
  const text = await ask(connection, 'read the log', () => container.logs({ follow: false, ...outputs(tail) }));
  const lines: string[] = [];
  const reader = makeReader((line) => lines.push(line));
  reader.push(text);
  reader.end();
  return lines;
}

/** Lines as they come, until the container ends; an abort rejects with its reason. */
export async function* followLog(connection: Connection, id: string, { tail, signal }: LogOptions): AsyncIterable<string> {
  signal?.throwIfAborted();
  const container = connection.docker.getContainer(id);
  // A response of Node's http; the declared type leaves `destroy` out.
  const stream = (await ask(connection, 'follow the log', () => container.logs({ follow: true, ...outputs(tail) }))) as unknown as Readable;
  const abort = () => stream.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    let lines: string[] = [];
    const reader = makeReader((line) => lines.push(line));
    for await (const chunk of stream) {
      reader.push(chunk as Buffer);
      yield* lines;
      lines = [];
    }
    reader.end();
    yield* lines;
  } finally {
    signal?.removeEventListener('abort', abort);
    stream.destroy();
  }
}

function outputs(tail?: number): { stdout: true; stderr: true; tail?: number } {
  return { stdout: true, stderr: true, ...(tail !== undefined && { tail }) };
}

function makeReader(onLine: (line: string) => void): { push(chunk: Buffer): void; end(): void } {
  const splitters = { stdout: makeLineSplitter(onLine), stderr: makeLineSplitter(onLine) };
  return {
    push: makeDemultiplexer((payload, output) => splitters[output].push(payload)),
    end() {
      splitters.stdout.end();
      splitters.stderr.end();
    },
  };
}
