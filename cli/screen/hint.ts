/**
 * A text for people, in which commands to type are those that work where it is shown: messages know no more than the name
 * of the program, and in a clone, say, that is on nobody's path.
 */
export const hinted = (text: string, program: string): string =>
  program === 'runledger' ? text : text.replaceAll(COMMAND, program);

/** The name before a subcommand, where a command begins: quoted, behind a prompt, a pipe or a `$(`. */
const COMMAND = /(?<=`|\$ |\| |\$\()runledger(?= (?:--aws )?[a-z])/g;
