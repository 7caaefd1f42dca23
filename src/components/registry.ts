/** All components, one line each, in the order their phases are shown. */
import type { Component } from './component.ts';

export const components: readonly Component[] = [];
