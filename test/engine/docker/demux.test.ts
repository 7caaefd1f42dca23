import { fc, testProp } from '@fast-check/ava';
import test from 'ava';
import { makeDemultiplexer } from '../../../src/engine/docker/demux.ts';

function frame(output: 1 | 2, payload: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = output;
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

function read(chunks: readonly Buffer[]): { stdout: string; stderr: string } {
  const texts = { stdout: '', stderr: '' };
  const demultiplex = makeDemultiplexer((payload, output) => (texts[output] += Buffer.from(payload).toString('latin1')));
  for (const chunk of chunks) demultiplex(chunk);
  return texts;
}

const frames = fc.array(fc.record({ output: fc.constantFrom(1, 2), payload: fc.string({ unit: 'binary-ascii' }) }));

testProp('both outputs are whole wherever the stream is cut', [frames, fc.integer({ min: 1, max: 20 })], (t, given, length) => {
  const stream = Buffer.concat(given.map(({ output, payload }) => frame(output, payload)));
  const chunks = Array.from({ length: Math.ceil(stream.length / length) }, (_, i) => stream.subarray(i * length, (i + 1) * length));
  const text = (output: number) => given.filter((each) => each.output === output).map(({ payload }) => payload).join(''); // prettier-ignore
  t.deepEqual(read(chunks), { stdout: text(1), stderr: text(2) });
});

test('a chunk of very many small frames is read', (t) => {
  const chunk = Buffer.concat(Array.from({ length: 50_000 }, () => frame(1, 'x')));
  t.is(read([chunk]).stdout.length, 50_000);
});

test('what is no frame is an error message', (t) => {
  t.deepEqual(read([Buffer.from('cannot '), Buffer.from('start')]), { stdout: '', stderr: 'cannot start' });
});
