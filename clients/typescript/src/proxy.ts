type Env = (name: string) => string | undefined;

/**
 * The proxy to an address, as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say, in capitals or not; undefined: none. No proxy leads
 * to this machine itself.
 */
export function proxyFor(address: string, env: Env): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isThisMachine(host) || isExcepted(host, port || portOf(protocol), either(env, 'no_proxy') ?? ''))
    return undefined;
  const isSecure = protocol === 'https:';
  const proxy = isSecure ? either(env, 'https_proxy') : httpProxy(env);
  if (!proxy) return undefined;
  const url = /^[a-z\d]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? new URL(url) : undefined;
}

const either = (env: Env, name: string): string | undefined =>
  env(name)?.trim() || env(name.toUpperCase())?.trim() || undefined;

/** A server of CGI has the header `Proxy` of whoever asks it in HTTP_PROXY. */
const httpProxy = (env: Env): string | undefined =>
  env('REQUEST_METHOD') === undefined ? either(env, 'http_proxy') : env('http_proxy')?.trim();

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '::1';

const portOf = (protocol: string): string => (protocol === 'https:' ? '443' : '80');

/** A list of names of hosts and their ends, each perhaps with a port. */
function isExcepted(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .some((each) => {
      if (each === '*') return true;
      const [, name = each, ofPort] = /^(.*):(\d+)$/.exec(each) ?? [];
      const end = name.toLowerCase().replace(/^\*?\./, '');
      return (ofPort === undefined || ofPort === port) && (host === end || host.endsWith(`.${end}`));
    });
}
