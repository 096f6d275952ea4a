import * as z from 'zod';
import { text } from '../pipelines/fields.ts';

const expected = { error: 'expected a price: a number from 0 to 1000000' };
const price = z.number(expected).min(0, expected).max(1_000_000, expected);
const currency = { error: 'expected the code of a currency, such as USD' };

/** What `prices.yaml` may hold. Everything may be left out: what it does not price stays unknown. */
export const pricesSchema = z.strictObject({
  currency: z
    .string(currency)
    .regex(/^[A-Z]{3}$/, currency)
    .default('USD')
    .meta({ description: 'of every price' }),
  node_types: z
    .record(text('the type of a node, such as r5.4xlarge', 100), price)
    .optional()
    .meta({ description: 'one node for an hour, by its type' }),
  dpu_hour: price.optional().meta({ description: 'one DPU for an hour (AWS Glue)' }),
  dbu: price.optional().meta({ description: 'one DBU (Databricks)' }),
  athena_tb: price.optional().meta({ description: '10^12 bytes that Athena reads' }),
});

/** The JSON Schema of `prices.yaml`, which editors complete and check by. */
export const pricesJsonSchema = (): object => ({
  title: 'Runledger prices',
  ...z.toJSONSchema(pricesSchema, { io: 'input' }),
});
