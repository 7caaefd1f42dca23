/** An image of ours that brings ip, tc and nft: what kernel features are tried in, where it has been built already. */
import { runCommand } from './command.ts';

/** Its reference; undefined where none was built. */
export const findRouterImage = async (): Promise<string | undefined> => {
  const { stdout } = await runCommand([
    'docker',
    'image',
    'ls',
    '--filter',
    'reference=edgelab/router',
    '--format',
    '{{.Repository}}:{{.Tag}}',
  ]);
  return stdout.split('\n').find((name) => name !== '' && !name.endsWith(':<none>'));
};
