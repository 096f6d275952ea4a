import { errorMessage } from '../../core/error-message.ts';

/** The error for what S3 refused, with what to do. `task` continues "Expected …". */
export function unreachable(task: string, error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  const message = errorMessage(error);
  const came = message === name ? message : `${name}: ${message}`;
  return new Error(`Expected ${task}, got ${came}. ${adviceFor(name)}`, { cause: error });
}

function adviceFor(name: string): string {
  switch (name) {
    case 'AccessDenied':
    case 'Forbidden':
      return (
        'Allow this role to read, write and list the bucket, and to use its key; a missing object looks the same to a ' +
        'role that may not list.'
      );
    case 'NoSuchBucket':
      return 'Check the bucket name, the region and the account, or deploy the stack that makes it.';
    case 'InvalidObjectState':
      return 'It lies in an archive: restore it first.';
    case 'SlowDown':
    case 'ServiceUnavailable':
      return 'The bucket is throttled: try again later.';
    default:
      return 'Check that the bucket can be reached, then try again.';
  }
}
