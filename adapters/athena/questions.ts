import { type AthenaClient, GetQueryExecutionCommand } from '@aws-sdk/client-athena';

/** The SQL of an execution; null when Athena does not say it, or no longer knows it. */
export const openQuestions =
  (client: AthenaClient) =>
  async (executionId: string): Promise<string | null> => {
    try {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: executionId }));
      return QueryExecution?.Query ?? null;
    } catch (error) {
      if ((error as Error).name === 'InvalidRequestException') return null;
      throw error;
    }
  };
