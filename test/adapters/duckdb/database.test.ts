import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestLake, type TestLake } from '../../agreement/lake.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

const limitOf = async (): Promise<unknown> => {
  const connection = await lake.database.connect();
  const reader = await connection.runAndReadAll("select current_setting('memory_limit')");
  connection.closeSync();
  return reader.getRowsJson()[0]?.[0];
};

test('memory is given back in a database that is locked, and its limit stays', async () => {
  const before = await limitOf();
  await lake.database.giveBack();
  expect(await limitOf()).toEqual(before);
});

test.each(["set global threads = '8'", 'set global enable_external_access = true', "set global temp_directory = '/'"])(
  'the configuration stays locked: %s',
  async (statement) => {
    const connection = await lake.database.connect();
    await expect(connection.run(statement)).rejects.toThrow(/lock|configuration/i);
    connection.closeSync();
  },
);
