import test from 'ava';
import { compilerMemory } from '../../src/images/compiler-memory.ts';

const GiB = 2 ** 30;

for (const [memory, processors, settings] of [
  [24, 2, { GOGC: 'off', GOMEMLIMIT: '2GiB' }],
  [64, 8, { GOGC: 'off', GOMEMLIMIT: '2GiB' }],
  // sixteen processes of 2 GiB would not fit
  [16, 8, { GOGC: '400' }],
  [8, 2, { GOGC: '400' }],
] as const)
  test(`${memory} GiB for ${processors} processors: garbage ${settings.GOGC === 'off' ? 'may lie' : 'is collected'}`, (t) => {
    t.deepEqual(compilerMemory({ memory: memory * GiB, processors }), settings);
  });
