/** `edgelab nat describe`: the words of a STUN tool as `nat:` of a topology. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { badInput } from './bad-input.ts';
import { print, printJson, type Cli, type Shared } from './cli.ts';
import { withUserFile } from './user-file.ts';

/** `file` is a path, or `-` for stdin. BadInput CLI001 where its text names neither mapping nor filtering. */
export const natDescribe = async (cli: Cli, options: Shared, file: string): Promise<number> => {
  const { readStunWords, writeNatYaml } = await import('../nat/nat.ts');
  const said = file === '-' ? await readAll(process.stdin) : await withUserFile(file, () => readFile(resolve(cli.cwd, file), 'utf8'));
  const words = readStunWords(said);
  const yaml = writeNatYaml(words);
  if (yaml === undefined)
    throw badInput(
      'CLI001',
      'no mapping or filtering is named in this text',
      'the tools\' words are e.g. "Endpoint Independent Mapping"; coturn says them with -m -f, stuntman with --mode full (docs/guide/your-nat.md)',
    );
  if (options.json === true) printJson(cli, { nat: words });
  else print(cli, yaml.trimEnd());
  return 0;
};
