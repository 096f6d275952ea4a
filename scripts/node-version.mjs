/** One clear line when the Node that runs is too old: the live store needs `node:sqlite`, which 22.13 brought. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  console.error(
    `Runledger needs Node 22.13 or newer, but this is ${process.versions.node}. On Linux x64 \`npm ci\` brings its own; elsewhere install a newer Node.`,
  );
  process.exit(1);
}
