import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from '../../vitest.config.ts';

/** What functions called in the other files is held against their policies too. */
class PermissionsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLast = ({ moduleId }: TestSpecification) => moduleId.endsWith('deployed/permissions.test.ts');
    const sorted = await super.sort(files);
    return [...sorted.filter((file) => !isLast(file)), ...sorted.filter(isLast)];
  }
}

/** The suite that needs Python, Java and Maven. Files run one after another: they share two cores with Trino. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/aws/**/*.test.ts'],
    globalSetup: ['test/own-temp.ts', 'test/aws/global-setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    sequence: { sequencer: PermissionsLast },
  },
});
