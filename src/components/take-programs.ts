/**
 * Files out of an image of the store, onto a node. They are there already, unpacked, so a node that runs a program as a
 * service need not carry it in its own image.
 */
import { imageRepository } from './kubernetes/images.ts';

/** Shell lines that do something with the files of an image (`repository/name:tag`), which are below `$mounted`; a failure of it ends the script. */
export const withImage = (image: string, commands: string): string =>
  [
    'mounted=$(mktemp -d)',
    `ctr -n k8s.io images mount docker.io/${image} "$mounted" >/dev/null`,
    `( ${commands} ) || exit 1`,
    'ctr -n k8s.io images unmount --rm "$mounted" >/dev/null',
  ].join('\n');

/** Copies programs of an image into /usr/local/bin. */
export const takePrograms = (image: string, tag: string, paths: readonly string[]): string =>
  withImage(`${imageRepository}/${image}:${tag}`, `cd "$mounted" && install -t /usr/local/bin ${paths.join(' ')}`);
