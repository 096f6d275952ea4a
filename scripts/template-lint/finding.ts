/** What a linter says against a template, the same for all of them. */
export interface Finding {
  readonly tool: 'cfn-lint' | 'checkov' | 'parliament';
  readonly rule: string;
  /** Logical id without the CDK's hash. */
  readonly on: string;
  readonly message: string;
}
