import { MARKS, type Mask, maskWith } from './built-in.ts';
import { type ConfiguredPattern, configuredMaskOf } from './pattern.ts';

export { isEmail } from './addresses.ts';
export { kindUnder, markOf, namedIn, type SecretKind } from './names.ts';
export type { Mask };

export interface MaskOptions {
  /** Further patterns, applied after the built-in masks: matches become `[name]`. Default: none. */
  readonly patterns?: readonly ConfiguredPattern[];
}

/** Makes the mask of a ledger. Throws an Error that names the pattern when a configured one is not allowed. */
export const maskOf = ({ patterns = [] }: MaskOptions = {}): Mask =>
  maskWith(patterns.length > 0 ? configuredMaskOf(patterns, MARKS) : undefined);
