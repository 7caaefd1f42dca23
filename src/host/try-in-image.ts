/** Runs shell text in a container of our own image that is thrown away, with a network namespace of its own and nothing in it. */
import { runCommand } from './command.ts';

/** What it prints on stdout; empty when it could not run. */
export const tryInImage = async (image: string, script: string): Promise<string> => {
  const options = ['--rm', '--network', 'none', '--label', 'edgelab.kind=probe', '--cap-add', 'NET_ADMIN', '--cap-add', 'MKNOD'];
  const { stdout } = await runCommand(
    ['docker', 'run', ...options, '--device-cgroup-rule', 'c 10:200 rwm', '--entrypoint', 'sh', image, '-c', script],
    { timeoutSeconds: 30 },
  );
  return stdout;
};
