/** Face of the links room: from the words of a condition to the shell text that makes a link behave so. Pure. */
export { describeLink, isPlain, plainLink } from './describe.ts';
export { findLinkPreset, linkPresets, type LinkPreset } from './presets.ts';
export { fieldUnits, linkFields, makeLink, readField, readLinkWords, wishWords, type LinkField, type LinkWish } from './fields.ts';
export { linkStateFile, makeLinkScript } from './script.ts';
export { probeLinkScript, readLinkProbe } from './probe.ts';
export { findUnsupported } from './registry.ts';
export {
  cutScript,
  deafDnsScript,
  faultName,
  forgetScript,
  fullTableScript,
  healScript,
  listFaultsScript,
  redialScript,
  renameScript,
  silentMtuScript,
  undoFile,
} from './faults.ts';
