export type Mask = (text: string) => string;
export interface MaskOptions {
  readonly patterns?: readonly { readonly name: string; readonly pattern: string }[];
}
export const maskOf =
  (_options?: MaskOptions): Mask =>
  (text) =>
    text;
export const isSecretName = (name: string): boolean => /password|secret/i.test(name);
export const isEmail = (text: string): boolean => /^[^@\s]+@[^@\s]+\.[a-z]+$/i.test(text);
