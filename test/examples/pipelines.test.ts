import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHolidays } from '../../adapters/holidays/holidays.ts';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';

test.each(['examples/pipelines.yaml', 'examples/dependency-inventory/pipelines.yaml'])('%s holds', (file) => {
  const { problems, warnings } = readPipelines(readFileSync(file, 'utf8'), openHolidays('2025-11-03T12:00:00.000Z'));
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
});
