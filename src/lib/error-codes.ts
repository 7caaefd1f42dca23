/** The catalogue of permanent codes: never reused, never renumbered. docs/reference/errors.md is generated from it. */

/** Exit codes of the command line. */
export const exitCodes = { good: 0, assertionFailed: 1, badInput: 2, hostNotFit: 3, deployFailed: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** code → what it means in one sentence and the exit code it leads to. */
export const errorCodes = {
  TOPO001: { exit: 2, text: 'The file cannot be read.' },
  TOPO002: { exit: 2, text: 'The file is not valid YAML.' },
  HOST001: { exit: 3, text: 'No Docker engine answers.' },
  HOST002: { exit: 3, text: 'The host has too little free memory for the lab.' },
  HOST003: { exit: 3, text: 'The kernel lacks nf_tables, which the NAT routers need.' },
  HOST004: { exit: 3, text: 'The kernel lacks vxlan, which flannel needs.' },
  HOST005: { exit: 3, text: 'The kernel lacks overlayfs, which the nodes need.' },
  ENGINE001: { exit: 4, text: 'The container engine refused or failed a request.' },
  ENGINE002: { exit: 4, text: 'No free subnet was left to carry a segment.' },
  ENGINE003: { exit: 4, text: 'The lab has no such container.' },
  IMAGE001: { exit: 4, text: 'An image could not be built.' },
  IMAGE002: { exit: 4, text: 'A bundle is damaged or not a bundle.' },
  IMAGE003: { exit: 4, text: 'A registry could not be reached or refused.' },
  IMAGE004: { exit: 4, text: 'No base system could be had.' },
  UP001: { exit: 4, text: 'A step of the installation failed.' },
  UP002: { exit: 4, text: 'A step did not end within its deadline.' },
  LAB001: { exit: 2, text: 'There is no such lab.' },
  LAB002: { exit: 2, text: 'There is no such node in the lab.' },
  SCEN001: { exit: 2, text: 'The scenario file cannot be loaded.' },
  SCEN002: { exit: 2, text: 'The scenario asks for something the lab does not have.' },
  INT001: { exit: 130, text: 'Interrupted.' },
} as const satisfies Record<string, { exit: ExitCode; text: string }>;

export type ErrorCode = keyof typeof errorCodes;
