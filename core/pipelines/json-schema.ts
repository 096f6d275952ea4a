import * as z from 'zod';
import { fileSchema } from './file-schema.ts';

/** The JSON Schema of `pipelines.yaml`, which editors complete and check by. */
export const fileJsonSchema = (): object => ({
  title: 'Runledger pipelines',
  ...z.toJSONSchema(fileSchema, { io: 'input' }),
});
