/** What one unit of something costs. */
export interface Price {
  readonly unit: PriceUnit;
  /** Of a node: its type. Otherwise empty. */
  readonly name: string;
  readonly price: number;
  /** Such as USD. */
  readonly currency: string;
}

/** `node_hour` one node for an hour, `dpu_hour` and `dbu` one of these, `athena_tb` 10^12 bytes that Athena reads. */
export type PriceUnit = 'node_hour' | 'dpu_hour' | 'dbu' | 'athena_tb';
