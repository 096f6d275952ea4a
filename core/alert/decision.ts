/** What a person decides about an incident. */
export interface IncidentDecision {
  readonly id: string;
  readonly decision: 'acknowledge' | 'resolve';
  readonly who: string;
  readonly why?: string | undefined;
}
