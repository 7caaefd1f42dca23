import test from 'ava';
import { badInput } from '../../src/cli/bad-input.ts';
import { explainFailure } from '../../src/cli/failure.ts';
import { errorCodes, type ErrorCode } from '../../src/lib/error-codes.ts';
import { LabError } from '../../src/lib/lab-error.ts';

const looks = { color: false, debug: false };

test('each code leads to its exit code', (t) => {
  for (const [code, { exit }] of Object.entries(errorCodes)) {
    t.is(explainFailure(new LabError(code as ErrorCode, 'x'), looks).exitCode, exit, code);
  }
});

test('a lab error says the step, what was waited for, what was seen, what is left and how to clean it', (t) => {
  const error = new LabError('UP002', 'edge-b1 did not become Ready', {
    ...{ step: 'keadm join edge-b1', condition: 'node Ready', limitSeconds: 120, lastObservation: 'NotReady', command: 'kubectl wait' },
    ...{ outputTail: 'line 1\nline 2\n', left: 'nothing', cleanup: 'edgelab down two-lans', hint: 'logs are in runs/x' },
  });
  t.is(
    explainFailure(error, looks).text,
    [
      'error UP002 edge-b1 did not become Ready',
      '  step:       keadm join edge-b1',
      '  waited for: node Ready, up to 120 s',
      '  last seen:  NotReady',
      '  command:    kubectl wait',
      '  output:     line 1',
      '              line 2',
      '  left:       nothing',
      '  clean up:   ./edgelab down two-lans',
      '  hint:       logs are in runs/x',
    ].join('\n'),
  );
});

test('an interruption says only what is left', (t) => {
  const { text, exitCode } = explainFailure(new LabError('INT001', 'interrupted', { left: 'nothing, the lab was removed' }), looks);
  t.is(text, 'interrupted. Left: nothing, the lab was removed');
  t.is(exitCode, 130);
});

test('anything unexpected is called a bug, in one line and without its stack', (t) => {
  const { exitCode, text, json } = explainFailure(new TypeError('x is not a function\nmore'), looks);
  t.is(exitCode, 4);
  t.is(
    text,
    'error BUG001 this is a bug in edgelab: x is not a function\n  hint: call the same command with --debug for the stack trace, and report it please',
  );
  t.deepEqual(json, { ok: false, error: { code: 'BUG001', message: 'x is not a function' } });
});

test('--debug shows stacks, causes too', (t) => {
  const { text } = explainFailure(new Error('outer', { cause: new Error('inner') }), { color: false, debug: true });
  t.regex(text, /Error: outer\n\s+at /);
  t.regex(text, /caused by: Error: inner\n\s+at /);
});

test('what is no error at all is a bug too', (t) => {
  t.regex(explainFailure('a text', looks).text, /this is a bug in edgelab: a text/);
});

test('bad input has no stack and exit code 2', (t) => {
  const { exitCode, text, json } = explainFailure(badInput('LAB001', 'there is no lab "x"', 'there is y'), looks);
  t.is(exitCode, 2);
  t.is(text, 'error LAB001 there is no lab "x"\n  hint: there is y');
  t.like(json, { ok: false });
});
