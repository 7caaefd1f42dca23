/** The published images that edgelab knows: what components use and edgelab does not build. */
import type { ExternalImage } from './external.ts';
import { findExternal } from './external.ts';

/** Reference → what it is, one sentence. Other versions are taken as well when a topology asks for them. */
export const publishedImages: Readonly<Record<string, string>> = {
  'kubeedge/edgemesh-agent:v1.16.0': 'The agent of EdgeMesh, published; labs that need it are skipped without it.',
  'kubeedge/edgemesh-agent:v1.17.0': 'The same, of the version that never reserves a place at a relay.',
  'kubeedge/edgemesh-gateway:v1.16.0': 'The gateway of EdgeMesh, published; for callers from outside the cluster.',
  'calico/node:v3.31.7': 'Felix, BIRD and confd of Calico, published; labs whose pod network is Calico are skipped without it.',
  'calico/cni:v3.31.7': 'The CNI plugins of Calico, published.',
  'rajchaudhuri/weave-kube:2.9.0':
    'The router of Weave Net, published by the fork that goes on with it; labs whose pod network is Weave are skipped without it.',
  'rajchaudhuri/weave-npc:2.9.0': 'Its network policy controller.',
};

/** A published image, as `images list` shows it; size in bytes and digest where it is present. */
export type ListedPublished = { ref: string; about: string; present: boolean } & Partial<Pick<ExternalImage, 'digest' | 'sizeBytes'>>;

/** All of them, and whether they are in the engine. Throws LabError ENGINE001 when it does not answer. */
export const listPublished = async (signal?: AbortSignal): Promise<ListedPublished[]> => {
  const { present } = await findExternal(Object.keys(publishedImages), signal);
  return Object.entries(publishedImages).map(([ref, about]) => {
    const found = present.find((image) => image.ref === ref);
    return {
      ...{ ref, about, present: found !== undefined },
      ...(found && { sizeBytes: found.sizeBytes }),
      ...(found?.digest !== undefined && { digest: found.digest }),
    };
  });
};
