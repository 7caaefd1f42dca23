/** Taking Docker's one stream for stdout and stderr apart again. */

type Output = 'stdout' | 'stderr';

const headerLength = 8;

/**
 * Reads frames of `{type: 1 byte, 0, 0, 0, length: 4 bytes big-endian, payload}` (Docker API, "Attach to a container"),
 * however the chunks are cut, and hands payload on as it comes. What is no frame (Docker writes the reason why a
 * program cannot be started that way) goes to stderr. The client library's own demultiplexer calls itself once per
 * frame and copies the rest each time: a chunk of many small frames ends it.
 */
export function makeDemultiplexer(write: (payload: Uint8Array, output: Output) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let output: Output = 'stdout';
  let left = 0;
  let raw = false;

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (raw) {
        write(rest, 'stderr');
        return;
      }
      if (left === 0) {
        const wanted = headerLength - header.length;
        header = Buffer.concat([header, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (!isHeader(header)) {
          raw = true;
          rest = Buffer.concat([header, rest]);
          continue;
        }
        if (header.length < headerLength) return;
        output = header[0] === 2 ? 'stderr' : 'stdout';
        left = header.readUInt32BE(4);
        header = Buffer.alloc(0);
      } else {
        const payload = rest.subarray(0, left);
        rest = rest.subarray(left);
        left -= payload.length;
        write(payload, output);
      }
    }
  };
}

/** Judges as much of a header as there is. */
function isHeader(header: Buffer): boolean {
  return (header[0] ?? 0) <= 2 && header.subarray(1, 4).every((byte) => byte === 0);
}
