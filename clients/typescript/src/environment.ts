import type { Runtime } from './runtime.ts';

/** Reads the variables of the environment. One that cannot be read counts as one that is not set. */
type Env = Pick<Runtime, 'env'>;

export const textFrom = ({ env }: Env, name: string): string | undefined => env(name)?.trim() || undefined;

export function flagFrom({ env }: Env, name: string, otherwise: boolean): boolean {
  const text = env(name);
  return text === undefined ? otherwise : !isOff(text);
}

export function countFrom({ env }: Env, name: string, otherwise: number): number {
  const text = env(name)?.trim() ?? '';
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(count) && count > 0 ? count : otherwise;
}

export const isOff = (text: string): boolean => ['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase());
