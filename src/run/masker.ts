/** Keeps secrets out of everything people or files get to see: known values, and the token formats of Kubernetes and KubeEdge. */

/** What a secret is replaced by. */
export const mask = '•••';

/**
 * Secrets that nobody captured but tools print on their own: kubeadm bootstrap tokens (`abcdef.0123456789abcdef`),
 * JSON web tokens, which keadm's join token contains, and private keys.
 */
const knownFormats =
  /\b[a-z0-9]{6}\.[a-z0-9]{16}\b|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** Replaces the secrets it was told, and whatever looks like a token or a private key. */
export type Masker = {
  /** From now on `secret`, and each of its lines on its own, is masked. Blank values are ignored. */
  add(secret: string): void;
  hide(text: string): string;
};

/** A masker that knows no secret yet. */
export const makeMasker = (): Masker => {
  let secrets: string[] = [];
  return {
    add(secret) {
      const parts = [secret.trim(), ...secret.split('\n').map((line) => line.trim())].filter((part) => part !== '');
      // Longest first, so that a secret that contains another one leaves no remainder.
      secrets = [...new Set([...secrets, ...parts])].sort((a, b) => b.length - a.length);
    },
    hide: (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), text).replace(knownFormats, mask),
  };
};
