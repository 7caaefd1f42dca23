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

test('a script that waits and then becomes a program is told by that program', (t) => {
  const script = { text: 'until getent hosts core; do\n  sleep 0.1\ndone\nexec perl - $EDGELAB_STUN' };
  const proof = step('nat:lan', { action: { do: 'exec', container: 'edge-1', script } });
  const failure = new StepFailure({ step: proof, kind: 'failed', reason: 'exit code 1', lastObservation: undefined, outputTail: '' });
  t.is(toLabError(failure, { left: 'nothing' }).details.command, 'edge-1: exec perl - $EDGELAB_STUN');
});
