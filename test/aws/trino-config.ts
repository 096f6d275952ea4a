/** A key of its own, of the same account: what Trino calls is told from what tests call. */
export const TRINO_KEY = '000000000000';

/** Trino's configuration files by path below its `etc` folder. */
export function trinoConfig(options: {
  readonly port: number;
  readonly awsUrl: string;
  readonly dataDir: string;
}): Readonly<Record<string, string>> {
  const { port, awsUrl, dataDir } = options;
  const lake = {
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.endpoint-url': awsUrl,
    'hive.metastore.glue.aws-access-key': TRINO_KEY,
    'hive.metastore.glue.aws-secret-key': 'test',
    'fs.native-s3.enabled': 'true',
    's3.endpoint': awsUrl,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': TRINO_KEY,
    's3.aws-secret-key': 'test',
  };
  return {
    'node.properties': properties({
      'node.environment': 'test',
      'node.data-dir': dataDir,
      'node.bind-ip': '127.0.0.1',
      'node.internal-address': '127.0.0.1',
    }),
    'jvm.config': JVM.join('\n'),
    'config.properties': properties({
      coordinator: 'true',
      'node-scheduler.include-coordinator': 'true',
      'http-server.http.port': String(port),
      'discovery.uri': `http://127.0.0.1:${port}`,
      'query.max-memory-per-node': '1GB',
      'memory.heap-headroom-per-node': '512MB',
      'catalog.management': 'static',
    }),
    'log.properties': properties({ 'io.trino': 'WARN' }),
    // One catalog for every table, as Athena has it: what is not Iceberg is passed on to Hive.
    'catalog/awsdatacatalog.properties': properties({
      'connector.name': 'iceberg',
      'iceberg.catalog.type': 'glue',
      'iceberg.hive-catalog-name': 'hive',
      'iceberg.allowed-extra-properties': '*',
      // VACUUM keeps what the table says, not Trino's seven days at least.
      'iceberg.expire-snapshots.min-retention': '0s',
      'iceberg.remove-orphan-files.min-retention': '0s',
      ...lake,
    }),
    'catalog/hive.properties': properties({
      'connector.name': 'hive',
      'hive.metastore': 'glue',
      'hive.partition-projection-enabled': 'true',
      'hive.non-managed-table-writes-enabled': 'true',
      // Athena reads the folders below a location too.
      'hive.recursive-directories': 'true',
      ...lake,
    }),
  };
}

const JVM = [
  '-Xmx2G',
  '-XX:+UseG1GC',
  '-XX:G1HeapRegionSize=32M',
  '-XX:+ExitOnOutOfMemoryError',
  '-Djdk.attach.allowAttachSelf=true',
  '-Djdk.nio.maxCachedBufferSize=2000000',
  '-Dfile.encoding=UTF-8',
  '--add-modules=jdk.incubator.vector',
];

const properties = (entries: Readonly<Record<string, string>>): string =>
  Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
