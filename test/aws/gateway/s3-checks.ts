import type { Check } from '../../iam/evaluate.ts';
import { check, type Request } from './request.ts';

/** What IAM is asked for a request to S3, in path style. What is not known here is an action that no policy allows. */
export function s3Checks({ method, url, headers, body }: Request): readonly Check[] {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const [, bucket = '', ...rest] = decodeURIComponent(pathname).split('/');
  const key = rest.join('/');
  const inBucket = `arn:aws:s3:::${bucket}`;
  if (key === '') {
    if (method === 'POST' && query.has('delete'))
      return keysIn(body).map((each) => check('s3:DeleteObject', `${inBucket}/${each}`));
    return [check(`s3:${ofBucket(method, query)}`, inBucket)];
  }
  const source = headers['x-amz-copy-source'];
  const read =
    source === undefined
      ? []
      : [check('s3:GetObject', `arn:aws:s3:::${decodeURIComponent(String(source)).replace(/^\//, '')}`)];
  return [check(`s3:${ofObject(method, query)}`, `${inBucket}/${key}`), ...read];
}

function ofBucket(method: string, query: URLSearchParams): string {
  if (query.has('notification')) return method === 'GET' ? 'GetBucketNotification' : 'PutBucketNotification';
  if (query.has('location')) return 'GetBucketLocation';
  if (query.has('uploads')) return 'ListBucketMultipartUploads';
  return method === 'GET' || method === 'HEAD' ? 'ListBucket' : `${method} bucket`;
}

function ofObject(method: string, query: URLSearchParams): string {
  if (query.has('uploadId') && method === 'DELETE') return 'AbortMultipartUpload';
  if (query.has('uploadId') && method === 'GET') return 'ListMultipartUploadParts';
  const [other] = [...query.keys()].filter((name) => !KNOWN.includes(name));
  if (other !== undefined) return `${method} object ?${other}`;
  // Starting, filling and ending an upload in parts is putting an object.
  return (
    { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', POST: 'PutObject', DELETE: 'DeleteObject' }[method] ??
    method
  );
}

const KNOWN = ['x-id', 'uploads', 'uploadId', 'partNumber'];

const keysIn = (body: Buffer): readonly string[] =>
  [...body.toString('utf8').matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key);
