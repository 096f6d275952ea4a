/** The sum of the metrics of an expression. In a period without a measurement a metric counts as zero. */
export const SUM_OF_ALL = 'SUM(FILL(METRICS(), 0))';
