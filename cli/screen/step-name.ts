/** A step by its name; an instance of a mapped one with its index: `load[3]`. */
export const stepNameShown = (step: {
  readonly step_name: string | null;
  readonly map_index?: number | null | undefined;
}): string => `${step.step_name ?? ''}${typeof step.map_index === 'number' ? `[${step.map_index}]` : ''}`;
