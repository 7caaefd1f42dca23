/** Images as other rooms see them: a recipe's name and the content-addressed reference it is bound to. */

/** A published image as Kubernetes asks for it, `kubeedge/edgemesh-agent:v1.16.0`. */
export type PublishedImage = string;
/** Name of a recipe in images/ (`node`, `router`, …); bound to a content-addressed tag only when it is executed. */
export type ImageName = string;

/** `edgelab/<name>:<12 hex of the inputs hash>`. */
export type ImageRef = string;

/** Version of a component that is compiled in several (images/README.md); where it is absent, the default one. */
export type ChosenVersions = { kubernetes?: string; kubeedge?: string };

/** The images of a plan's containers as they are on this machine, ready to be started. */
export type ImageBinding = {
  refs: ReadonlyMap<ImageName, ImageRef>;
  /** Docker volume with the unpacked containerd root shared by all nodes; absent when the plan needs none. */
  storeVolume?: string;
};
