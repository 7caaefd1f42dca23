/** Files that a user names: what goes wrong with them is the user's to know, not a bug. */
import { badInput } from './bad-input.ts';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'it is there already',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/** Throws BadInput CLI002 where the file system refuses. */
export const withUserFile = async <T>(shown: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error && 'syscall' in error && 'code' in error ? reasons[String(error.code)] : undefined;
    throw reason === undefined ? error : badInput('CLI002', `cannot use "${shown}": ${reason}`);
  }
};
