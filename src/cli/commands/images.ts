/** `edgelab images`: list, build, bundle and move the images labs are made of. */
import type { Command } from 'commander';
import type { Cli } from '../cli.ts';

export const addImages = (program: Command, _cli: Cli): void => {
  program.command('images').description('list, build, save, load, push and pull images');
};
