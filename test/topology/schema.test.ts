import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { z } from 'zod';
import { readDocument } from '../../src/lib/document.ts';
import { topologyJsonSchema } from '../../src/topology/topology.ts';
import { matchGolden } from '../lib/golden.ts';

test('schemas/topology.schema.json is what the zod schemas say', async (t) => {
  await matchGolden(
    t,
    new URL('../../schemas/topology.schema.json', import.meta.url),
    `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`,
  );
});

const examples = new URL('../../topologies/', import.meta.url);
const invalid = new URL('invalid/', import.meta.url);
const schema = z.fromJSONSchema(JSON.parse(JSON.stringify(topologyJsonSchema())) as z.core.JSONSchema.JSONSchema);

const judged = test.macro({
  exec(t, folder: URL, name: string, expected: boolean) {
    const { data } = readDocument(readFileSync(new URL(name, folder), 'utf8'), name);
    const result = schema.safeParse(data);
    t.is(result.success, expected, JSON.stringify(result.error?.issues));
  },
  title: (_, _folder: URL, name: string, expected: boolean) => `an editor ${expected ? 'accepts' : 'marks'} ${name}`,
});

for (const name of readdirSync(examples)) test(judged, examples, name, true);

/** Codes of what an editor can see by itself; the rest takes knowledge of the whole file. */
const visible = /^TOPO0(03|04|05|06|08|10|11|13|14|20|25|34)-/;
for (const name of readdirSync(invalid).filter((file) => file.endsWith('.yaml') && visible.test(file))) test(judged, invalid, name, false);
