/** Runs shell text in a container of our own image that is thrown away, with a network namespace of its own and nothing in it. */
import { LabError } from '../lib/lab-error.ts';
import { runCommand } from './command.ts';

/** Modules are loaded meanwhile, which a slow machine takes its time for. */
const timeoutSeconds = 90;

/** What it prints on stdout. ENGINE001 when it did not end by itself with code 0: what is not printed then is not missing, but unknown. */
export const tryInImage = async (image: string, script: string): Promise<string> => {
  const options = ['--rm', '--network', 'none', '--label', 'edgelab.kind=probe', '--cap-add', 'NET_ADMIN', '--cap-add', 'MKNOD'];
  const { code, stdout, stderr } = await runCommand(
    ['docker', 'run', ...options, '--device-cgroup-rule', 'c 10:200 rwm', '--entrypoint', 'sh', image, '-c', script],
    { timeoutSeconds },
  );
  if (code === 0) return stdout;
  const why = code === 124 ? `it did not end within ${String(timeoutSeconds)} s` : stderr.trim() || `it ended with code ${String(code)}`;
  throw new LabError('ENGINE001', `what this machine can do could not be tried in a container of ${image}: ${why}`, {
    hint: 'edgelab doctor says more of the engine',
  });
};
