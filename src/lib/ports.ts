/** Ports that others dial, where both a topology's checks and the installation must know them. */

/** The API server. */
export const apiPort = 6443;

/** EdgeMesh's agents (`edgeTunnel.listenPort`), TCP: a relay must be reached at it. */
export const relayPort = 20_006;
