/** The 512-byte header of a regular file in a tar archive (POSIX.1-1988 ustar), so that `tar` can open a bundle too. */

/** Bytes; headers, and contents with what fills them up, are whole blocks. */
export const tarBlock = 512;

/** Bytes a file takes in an archive: header, content, padding to a whole block. */
export const tarEntryBytes = (contentBytes: number): number => tarBlock + Math.ceil(contentBytes / tarBlock) * tarBlock;

const magicOffset = 257;
const checksumOffset = 148;
/** Octal digits of the size field, the NUL that ends it left out: up to 8 GiB. */
const sizeDigits = 11;

/** Mode 0644, owned by root, time 0. For a `name` of up to 100 bytes and less than 8 GiB of content. */
export const makeTarHeader = (name: string, contentBytes: number): Buffer => {
  const header = Buffer.alloc(tarBlock);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${contentBytes.toString(8).padStart(sizeDigits, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', checksumOffset);
  header.write('0', 156);
  header.write('ustar\u000000', magicOffset);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, checksumOffset);
  return header;
};

/** Undefined when the block is no ustar header of a file. */
export const readTarHeader = (header: Buffer): { name: string; contentBytes: number } | undefined => {
  if (header.length < tarBlock || header.toString('latin1', magicOffset, magicOffset + 5) !== 'ustar') return undefined;
  const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
  const contentBytes = Number.parseInt(header.toString('latin1', 124, 124 + sizeDigits), 8);
  return Number.isNaN(contentBytes) ? undefined : { name, contentBytes };
};
