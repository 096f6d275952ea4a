import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type Secrets, SecretUnavailableError } from '../../core/ports/secrets.ts';
import { secretFound, secretReferenceOf } from '../../core/secret.ts';

export interface AwsSecrets {
  readonly ssm: SSMClient;
  readonly secretsManager: SecretsManagerClient;
}

/** Secrets of an account: in SSM Parameter Store (decrypted) and in Secrets Manager (their text). */
export function openSecrets({ ssm, secretsManager }: AwsSecrets): Secrets {
  return {
    async read(reference) {
      const { kind, name } = secretReferenceOf(reference);
      switch (kind) {
        case 'ssm': {
          const { Parameter } = await asked(reference, () =>
            ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true })),
          );
          return secretFound(reference, Parameter?.Value, 'give the parameter a value');
        }
        case 'secretsmanager': {
          const { SecretString } = await asked(reference, () =>
            secretsManager.send(new GetSecretValueCommand({ SecretId: name })),
          );
          return secretFound(reference, SecretString, 'give the secret a text');
        }
        default:
          throw new SecretUnavailableError(
            `expected a secret of the account, but got ${reference}; use ssm:/NAME or secretsmanager:NAME on AWS`,
          );
      }
    },
  };
}

async function asked<Output>(reference: string, request: () => Promise<Output>): Promise<Output> {
  try {
    return await request();
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'an error';
    throw new SecretUnavailableError(`expected a secret in ${reference}, but got ${name}. ${adviceFor(name)}`, {
      cause,
    });
  }
}

function adviceFor(name: string): string {
  if (name === 'ParameterNotFound' || name === 'ResourceNotFoundException')
    return 'Make it in the account and region of the stack.';
  if (name.startsWith('AccessDenied')) return 'Allow the role of this function to read it, and to use its key.';
  return 'Try again.';
}
