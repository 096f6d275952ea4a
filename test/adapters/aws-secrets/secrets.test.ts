import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openSecrets } from '../../../adapters/aws-secrets/secrets.ts';

function anAccount() {
  const clients = {
    ssm: new SSMClient({ region: 'us-east-1' }),
    secretsManager: new SecretsManagerClient({ region: 'us-east-1' }),
  };
  const mocks = { ssm: mockClient(clients.ssm), secretsManager: mockClient(clients.secretsManager) };
  return { ...mocks, secrets: openSecrets(clients) };
}
const refused = (name: string) => Object.assign(new Error('the secret is S3cret'), { name });

test('a secret stands in a parameter, decrypted, or in Secrets Manager', async () => {
  const { ssm, secretsManager, secrets } = anAccount();
  ssm
    .on(GetParameterCommand, { Name: '/runledger/hook', WithDecryption: true })
    .resolves({ Parameter: { Value: 'one' } });
  secretsManager.on(GetSecretValueCommand, { SecretId: 'runledger/hook' }).resolves({ SecretString: 'two\n' });
  expect(await secrets.read('ssm:/runledger/hook')).toBe('one');
  expect(await secrets.read('secretsmanager:runledger/hook')).toBe('two');
});

test.each([
  ['ssm:/a', 'ParameterNotFound', 'Make it in the account and region of the stack.'],
  ['secretsmanager:a', 'ResourceNotFoundException', 'Make it in the account and region of the stack.'],
  ['ssm:/a', 'AccessDeniedException', 'Allow the role of this function to read it, and to use its key.'],
  ['secretsmanager:a', 'InternalServiceError', 'Try again.'],
])(
  '%s that AWS refuses with %s is told with what to do, and without what AWS said',
  async (reference, name, advice) => {
    const { ssm, secretsManager, secrets } = anAccount();
    ssm.on(GetParameterCommand).rejects(refused(name));
    secretsManager.on(GetSecretValueCommand).rejects(refused(name));
    await expect(secrets.read(reference)).rejects.toThrow(
      `expected a secret in ${reference}, but got ${name}. ${advice}`,
    );
  },
);

test('a secret without a text, and one of another place, are refused', async () => {
  const { ssm, secrets } = anAccount();
  ssm.on(GetParameterCommand).resolves({});
  await expect(secrets.read('ssm:/a')).rejects.toThrow('expected a secret in ssm:/a, but got none');
  await expect(secrets.read('env:A')).rejects.toThrow('use ssm:/NAME or secretsmanager:NAME on AWS');
});
