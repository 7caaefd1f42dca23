/** The plan: plain data that says everything `up` will do. Printable, comparable, golden-tested; no functions, no clock. */
import type { Ipv4 } from './address.ts';
import type { ChosenVersions, ImageName, PublishedImage } from './image.ts';
import type { LinkConditions, LinkPlace } from './link.ts';

/** What the step does and with what: `link:lan-a-router`, `online:edge-a1`. */
export type StepId = string;
/** Unique in the plan: `kubeadm-join`. */
export type CaptureName = string;

/** One L2 segment, carried by one Docker bridge network in L2 mode (docs/adr/0002). */
export type NetworkSpec = { name: string; title: string };

/** One lab-side interface of a container. Docker's own address on it is replaced by `addresses`. */
export type InterfaceSpec = {
  network: string;
  /** Name inside the container: `eth0`, `wan0`, `lan0`. */
  name: string;
  /** With prefix length: `192.168.1.11/24`. */
  addresses: string[];
};

/** How much a container may do. `router`: NET_ADMIN, NET_RAW and writable net sysctls. `node`: runs systemd and nested containers. */
export type Privilege = 'router' | 'node';

/** One container of the lab. `name` is unique in the lab and what users call it; `site` is absent where it belongs to none. */
export type ContainerSpec = {
  name: string;
  image: ImageName;
  hostname: string;
  privilege: Privilege;
  interfaces: InterfaceSpec[];
  /** Mount the shared unpacked image store read-only (nodes that run Kubernetes pods). */
  store: boolean;
  /** For labels and `ps`: `core`, `router`, or the node role. */
  role: string;
  site?: string;
};

/** Shell text run by `/bin/sh` inside one container. Values never appear in the text unquoted: they come in `env` or `stdin`. */
export type Script = {
  text: string;
  /** Environment; a `{capture}` value is filled from an earlier step's capture. */
  env?: Record<string, string | { capture: CaptureName }>;
  stdin?: string;
};

/** A file put into a container before the script of a later step needs it. */
export type FileSpec = { path: string; mode: number; content: string };

/**
 * The closed union of what a step can do.
 * - `network`, `container`: create what `networks` / `containers` of the plan describe.
 * - `link`: give the container's interfaces their lab names, addresses, routes, DNS and rules (script run once per start; `shown` where the
 *   container's first process does it).
 * - `condition`: make a link slow, lossy, narrow; how depends on the machine and is decided when the step runs.
 * - `exec`: run a script to its end; exit 0 is success.
 * - `wait`: run a script that itself waits (watch or poll inside the container) and exits 0 when the condition holds;
 *   every line it prints is an observation and the last one is quoted if the deadline passes.
 */
export type Action =
  | { do: 'network'; network: string }
  | { do: 'container'; container: string }
  | { do: 'link'; container: string; script: Script; files: FileSpec[] }
  | { do: 'condition'; container: string; place: LinkPlace; conditions: LinkConditions }
  | { do: 'exec'; container: string; script: Script; files?: FileSpec[] }
  | { do: 'wait'; container: string; script: Script };

/** A value kept from a step's stdout (trimmed) for later steps. A secret is never shown in events, errors or bundles. */
export type Capture = { name: CaptureName; secret: boolean };

/**
 * One thing that `up` does. It begins as soon as all it `needs` are done; a script still running after `timeoutSeconds` is ended and the
 * step has failed.
 */
export type Step = {
  id: StepId;
  /** For people: `keadm join edge-a1`. */
  title: string;
  /** Line of the progress display this step belongs to; a key of Plan.phases. */
  phase: string;
  needs: StepId[];
  action: Action;
  capture?: Capture;
  timeoutSeconds: number;
  /** True for waits that together prove the lab is up; re-run to recognise a live lab. */
  verifies?: boolean;
  /** True when what it needs has shown the same, so that it is not run while the lab comes up. */
  shown?: boolean;
  /**
   * For a wait that verifies: a cure of what a restart may have left, run in the same container when the lab is found
   * again. It waits until it can tell, and prints one line for what it did, nothing if there was nothing to do.
   */
  mend?: Script;
  /** Error code when its script fails, one of lib/error-codes.ts; UP001 when absent. */
  code?: string;
  /** What it proves when it is done, for the line of its phase: `lan-a port-restricted`. */
  proves?: string;
};

/**
 * A script that mends on a node what goes wrong while the lab comes up: it runs from when the step `after` is done until all steps are, and
 * prints one line for each thing it did.
 */
export type Cure = { container: string; after: StepId; script: { text: string; env: Record<string, string> } };

/** What a node can say of why something took long or failed: it prints one line for each thing it knows, and nothing otherwise. */
export type Remark = { container: string; script: { text: string; env: Record<string, string> } };

/** Names and step ids are unique and known, needs form no circle (`checkPlan`); equal labs have equal plans. */
export type Plan = {
  lab: string;
  networks: NetworkSpec[];
  containers: ContainerSpec[];
  /** In display order. */
  phases: { id: string; title: string }[];
  steps: Step[];
  /** Run beside the steps; absent when there are none. */
  cures?: Cure[];
  /** Asked when `up` has failed or taken a minute; absent when there are none. */
  remarks?: Remark[];
  /**
   * Images needed, sorted: container images first-hand, those the shared store must hold, and published ones that
   * edgelab does not build, as `kubeedge/edgemesh-agent:v1.16.0`; they go into the store too. Those it builds are of `versions`.
   */
  images: { containers: ImageName[]; store: ImageName[]; external: PublishedImage[]; versions: ChosenVersions };
  /** Ids of what the kernel must have for what is installed (host/kernel-features.ts), sorted; absent when there is none. */
  features?: string[];
  /** Facts other rooms look up by name instead of parsing steps. */
  facts: {
    /** Container on which `kubectl` works, if Kubernetes is installed. */
    kubectl?: string;
    dns: Ipv4;
  };
};
