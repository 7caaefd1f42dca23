import test from 'ava';
import { StepFailure, toLabError } from '../../src/run/step-failure.ts';
import { step } from './small-lab.ts';

const fail = (kind: 'failed' | 'deadline', code?: string) =>
  toLabError(
    new StepFailure({
      step: step('nat:lan-a', code === undefined ? {} : { code }),
      kind,
      reason: 'exit code 1',
      lastObservation: 'UDP mapping: declared endpoint-independent, measured address-dependent',
      outputTail: '',
    }),
    { left: 'nothing' },
  );

test('a step that proves something has an error code of its own, with what was declared and measured', (t) => {
  const error = fail('failed', 'NAT001');
  t.is(error.code, 'NAT001');
  t.is(error.details.lastObservation, 'UDP mapping: declared endpoint-independent, measured address-dependent');
});

test('other steps fail as UP001, and a passed deadline is UP002 whatever the step', (t) => {
  t.is(fail('failed').code, 'UP001');
  t.is(fail('deadline', 'NAT001').code, 'UP002');
});
