import { InvalidArgumentError } from 'commander';

/** Reads why a person decides something, for who looks later. */
export function readReason(text: string): string {
  if (text.trim() !== '' && text.length <= 1_000) return text;
  throw new InvalidArgumentError('expected 1 to 1,000 characters.');
}
