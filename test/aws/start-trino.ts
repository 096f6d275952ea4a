import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installed, run } from './cache.ts';
import { freePort, type RunningProcess, startProcess } from './process.ts';
import { javaHome, maven, python } from './requirements.ts';
import { trinoConfig } from './trino-config.ts';

/** The last version whose server archives are on Maven Central. */
const TRINO = '476';

/** Trino on loopback, reading the S3 and the Glue of `awsUrl`; its catalogs are `awsdatacatalog` and `hive`. */
export async function startTrino(folder: string, awsUrl: string): Promise<RunningProcess> {
  const home = installTrino();
  const port = await freePort();
  const etc = join(folder, 'trino-etc');
  for (const [path, text] of Object.entries(trinoConfig({ port, awsUrl, dataDir: join(folder, 'trino-data') }))) {
    mkdirSync(join(etc, path, '..'), { recursive: true });
    writeFileSync(join(etc, path), text);
  }
  const url = `http://127.0.0.1:${port}`;
  return startProcess({
    name: 'Trino',
    command: join(home, 'bin', 'launcher'),
    args: ['run', `--etc-dir=${etc}`],
    env: { JAVA_HOME: javaHome() },
    log: join(folder, 'trino.log'),
    url,
    isReady: async () => {
      const info = (await (await fetch(`${url}/v1/info`)).json()) as { readonly starting: boolean };
      return !info.starting;
    },
    readyWithinMs: 120_000,
  });
}

export const installTrino = (): string =>
  installed(`trino-${TRINO}`, (folder) => {
    const download = join(folder, 'download');
    const fetchArtifact = (artifact: string) =>
      run(maven(), ['-q', 'dependency:copy', `-Dartifact=io.trino:${artifact}`, `-DoutputDirectory=${download}`], {
        JAVA_HOME: javaHome(),
      });
    fetchArtifact(`trino-server-core:${TRINO}:tar.gz`);
    run('tar', ['xzf', join(download, `trino-server-core-${TRINO}.tar.gz`), '-C', folder, '--strip-components=1']);
    for (const plugin of readdirSync(join(folder, 'plugin'))) {
      if (plugin !== 'spooling-filesystem') rmSync(join(folder, 'plugin', plugin), { recursive: true });
    }
    for (const plugin of ['hive', 'iceberg']) {
      fetchArtifact(`trino-${plugin}:${TRINO}:zip`);
      run(python(), ['-m', 'zipfile', '-e', join(download, `trino-${plugin}-${TRINO}.zip`), download]);
      cpSync(join(download, `trino-${plugin}-${TRINO}`), join(folder, 'plugin', plugin), { recursive: true });
    }
    rmSync(download, { recursive: true });
  });
