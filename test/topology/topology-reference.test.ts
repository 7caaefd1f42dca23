import { readFileSync } from 'node:fs';
import test from 'ava';
import { natPresets } from '../../src/nat/nat.ts';
import { topologyJsonSchema } from '../../src/topology/topology.ts';
import { versions } from '../../src/lib/versions.ts';
import { matchGolden } from '../lib/golden.ts';
import { makeTopologyReference } from './topology-reference.ts';

test('docs/reference/topology.md describes the topology files there are', async (t) => {
  const example = readFileSync(new URL('../../topologies/two-lans.yaml', import.meta.url), 'utf8');
  const facts = { schema: topologyJsonSchema(), example, presets: natPresets, versions };
  await matchGolden(t, new URL('../../docs/reference/topology.md', import.meta.url), makeTopologyReference(facts));
});
