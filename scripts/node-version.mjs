/** One clear line when the Node that runs is older than `engines` says: the scripts are TypeScript, run as it is. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Runledger needs Node 22.18 or newer, but this is ${process.versions.node}. In a clone on Linux x64 \`npm ci\` brings its own; elsewhere install a newer Node.`,
  );
  process.exit(1);
}
