/** Reads, and only reads, what this machine says of itself; `readSurvey` makes facts of the text, so that tests need no machine. */
import { kernelFeatures } from './kernel-features.ts';

/** What was read. What could not be is absent, empty, or the least it can be (one processor). */
export type Survey = {
  /** PRETTY_NAME of the system. */
  system: string;
  /** ID and ID_LIKE: `ubuntu debian`. */
  family: string;
  kernel: string;
  root: boolean;
  cpus: number;
  /** Bytes that new processes may take without swapping; undefined where /proc tells nothing (not Linux). */
  memoryFree?: number;
  memoryTotal?: number;
  filesystems: Set<string>;
  /** Modules loaded now. */
  loaded: Set<string>;
  /** Modules there are files of, and those built in. */
  available: Set<string>;
  /** Kernel configuration, `CONFIG_VXLAN` → `y` or `m`; undefined where it is published nowhere. */
  config?: Map<string, string>;
  /** `net/ipv4/ip_forward` → value; absent names are missing. */
  sysctls: Map<string, string>;
  cgroups: { v1: boolean; v2: boolean };
  /** Policy of the FORWARD chain; undefined where it could not be read. */
  forwardPolicy?: 'ACCEPT' | 'DROP';
  /** Firewalls that manage this machine's rules: `firewalld`, `ufw`. */
  firewalls: string[];
  /** Hard limit of open files a container will get. */
  openFiles?: number;
  /** inotify instances that root's processes hold now; undefined where they cannot be seen. */
  inotifyUsed?: number;
  /** Free bytes where Docker keeps its data. */
  diskFree?: number;
  /** How Docker's socket is to this user: there and usable, there and not, or not there. */
  dockerSocket: 'usable' | 'denied' | 'missing';
  /** Names in /sys/class/net. */
  interfaces: string[];
};

const sysctls = [
  'net/ipv4/ip_forward',
  'net/bridge/bridge-nf-call-iptables',
  'net/netfilter/nf_conntrack_max',
  'fs/inotify/max_user_instances',
  'fs/inotify/max_user_watches',
  'kernel/pid_max',
  'vm/max_map_count',
];

const configNames = [...new Set(kernelFeatures.flatMap(({ config }) => config))];

/** For `sh`, with the folder of Docker's data as $1. Every command may fail: what is not printed is not known. */
export const surveyScript = `
at() { printf '@@%s\\n' "$1"; }
at system; cat /etc/os-release
at kernel; uname -r
at uid; id -u
at cpus; nproc
at memory; cat /proc/meminfo
at memory-limit; cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes
at memory-used; cat /sys/fs/cgroup/memory.current || cat /sys/fs/cgroup/memory/memory.usage_in_bytes
at filesystems; cat /proc/filesystems
at loaded; cut -d ' ' -f 1 /proc/modules
at available; cat "/lib/modules/$(uname -r)/modules.builtin" "/lib/modules/$(uname -r)/modules.dep"
at config; { gzip -dc /proc/config.gz || cat "/boot/config-$(uname -r)"; } | grep -E '^(CONFIG_NET|${configNames.join('|')})='
at sysctls; for name in ${sysctls.join(' ')}; do [ -r "/proc/sys/$name" ] && printf '%s %s\\n' "$name" "$(cat "/proc/sys/$name")"; done
at mounts; grep cgroup /proc/mounts
at forward; iptables -S FORWARD
at firewalls; [ "$(cat /run/firewalld.pid)" ] && echo firewalld; grep -q '^ENABLED=yes' /etc/ufw/ufw.conf && echo ufw
at limits; for p in $(pidof containerd) $(pidof dockerd); do cat "/proc/$p/limits"; done
at inotify; [ "$(id -u)" = 0 ] && find /proc/[0-9]*/fd -maxdepth 1 -lname anon_inode:inotify | wc -l
at disk; df -Pk "$1" || df -Pk /
at socket; if [ -w /var/run/docker.sock ]; then echo usable; elif [ -e /var/run/docker.sock ]; then echo denied; fi
at interfaces; ls /sys/class/net
`;

/** `text` is what `surveyScript` printed. */
export const readSurvey = (text: string): Survey => {
  const at = (name: string): string => sections(text).get(name) ?? '';
  const memory = keyed(at('memory'), /^(\w+):\s+(\d+) kB/gm);
  const config = keyed(at('config'), /^(CONFIG_\w+)=([ym])/gm);
  const limit = Number(at('memory-limit').trim());
  const total = kibibytes(memory.get('MemTotal'));
  const capped = total !== undefined && limit > 0 && limit < total;
  const free = kibibytes(memory.get('MemAvailable'));
  const left = limit - Number(at('memory-used').trim());
  const os = keyed(at('system'), /^(\w+)="?([^"\n]*)"?$/gm);
  const openFiles = [...at('limits').matchAll(/^Max open files\s+\d+\s+(\d+)/gm)].map((match) => Number(match[1]));
  const policy = /^-P FORWARD (ACCEPT|DROP)/m.exec(at('forward'))?.[1] as 'ACCEPT' | 'DROP' | undefined;
  const disk = /^\S+\s+\d+\s+\d+\s+(\d+)\s+\d+%/m.exec(at('disk'))?.[1];
  const inotify = at('inotify').trim();
  const memoryFree = capped && free !== undefined ? Math.min(free, left) : free;
  const memoryTotal = capped ? limit : total;
  return {
    system: os.get('PRETTY_NAME') ?? 'unknown system',
    family: `${os.get('ID') ?? ''} ${os.get('ID_LIKE') ?? ''}`.trim(),
    kernel: at('kernel').trim(),
    root: at('uid').trim() === '0',
    cpus: Number(at('cpus').trim()) || 1,
    ...(memoryFree !== undefined && { memoryFree }),
    ...(memoryTotal !== undefined && { memoryTotal }),
    filesystems: new Set(words(at('filesystems')).filter((word) => word !== 'nodev')),
    loaded: new Set(words(at('loaded')).map(moduleName)),
    available: new Set([...at('available').matchAll(/^(\S+?\.ko)/gm)].map((match) => moduleName(match[1] ?? ''))),
    ...(config.size > 0 && { config }),
    sysctls: keyed(at('sysctls'), /^(\S+) (.*)$/gm),
    cgroups: { v1: /^\S+ \S+ cgroup /m.test(at('mounts')), v2: /^\S+ \S+ cgroup2 /m.test(at('mounts')) },
    ...(policy && { forwardPolicy: policy }),
    firewalls: words(at('firewalls')),
    ...(openFiles.length > 0 && { openFiles: Math.min(...openFiles) }),
    ...(inotify !== '' && { inotifyUsed: Number(inotify) }),
    ...(disk !== undefined && { diskFree: Number(disk) * 1024 }),
    dockerSocket: (at('socket').trim() || 'missing') as Survey['dockerSocket'],
    interfaces: words(at('interfaces')),
  };
};

const sections = (text: string): Map<string, string> =>
  new Map(text.split(/^@@/m).map((part) => [part.slice(0, Math.max(0, part.indexOf('\n'))), part.slice(part.indexOf('\n') + 1)]));

const keyed = (text: string, pattern: RegExp): Map<string, string> =>
  new Map([...text.matchAll(pattern)].map((match) => [match[1] ?? '', (match[2] ?? '').trim()]));

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const kibibytes = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text) * 1024);

/** `kernel/net/sched/sch_netem.ko` → `sch_netem`; `-` and `_` are the same to the kernel. */
const moduleName = (path: string): string =>
  path
    .replace(/^.*\//, '')
    .replace(/\.ko.*$/, '')
    .replaceAll('-', '_');
