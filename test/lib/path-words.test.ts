import test from 'ava';
import { sayPath } from '../../src/lib/path-words.ts';

test('paths are said in few words', (t) => {
  t.is(sayPath({ kind: 'local', through: [] }), 'local');
  t.is(sayPath({ kind: 'direct', through: [], rewritten: '10.244.1.0' }), 'direct, rewritten to 10.244.1.0');
  t.is(sayPath({ kind: 'routed', through: ['lan-a-router', 'internet-core'] }), 'routed through lan-a-router and internet-core');
  t.is(sayPath({ kind: 'relayed', through: ['cloud'], by: 'cloud' }), 'relayed by cloud');
  t.is(sayPath({ kind: 'gateway', through: ['lan-a-router', 'gateway'], by: 'gateway' }), 'through gateway gateway');
  t.is(sayPath({ kind: 'lost', through: [], at: 'internet-core' }), 'lost at internet-core');
  t.is(sayPath({ kind: 'lost', through: [] }), 'lost');
});
