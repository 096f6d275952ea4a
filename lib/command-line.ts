/**
 * The words as one line for the shell in which the CDK runs hooks of a bundling: cmd on Windows, bash elsewhere. `cmd /c`
 * takes the first and the last quote of a line away, unless there are only two (`cmd /?`), so the line has a pair more.
 */
export function commandLine(words: readonly string[], platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return `"${words.map((word) => `"${word}"`).join(' ')}"`;
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
