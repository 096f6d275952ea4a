import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { instantShown } from '../../core/format.ts';
import { type Instant, instantAfter } from '../../core/instant.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import { isLimitName, type Limits, limitsOf, limitsShown } from '../../core/token/limits.ts';
import {
  isExpired,
  isTokenName,
  type NamedToken,
  type RevokedToken,
  SECRET_BYTES,
  secretOf,
} from '../../core/token/named-token.ts';
import { ROLES, type Role } from '../../core/token/role.ts';
import { type Context, example, printJson } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { tableOf } from '../screen/table.ts';
import { WHO, whoIs } from '../who.ts';

interface TokenOptions extends Target {
  readonly json?: true;
}

interface ListOptions extends TokenOptions {
  readonly all?: true;
}

interface ChangeOptions extends TokenOptions {
  readonly who?: string;
}

interface CreateOptions extends ChangeOptions {
  readonly role: readonly Role[];
  readonly expires?: number;
  readonly owner?: readonly string[];
  readonly environment?: readonly string[];
}

/** Adds the command `token`. */
export function addTokens(program: Command, context: Context): void {
  const token = program
    .command('token')
    .summary('say who may call a served ledger')
    .description(
      'Named tokens of a served ledger, or with --aws of the HTTP API of a deployed one. Once there is one, each caller needs one. Creating and revoking act at once, also while the ledger is served.',
    );
  const create = token
    .command('create <name>')
    .summary('create one, and show its secret once')
    .description(
      'Creates a token and prints its secret, which the ledger keeps only as a hash: it cannot be shown again. `write` may send events, `read` may ask, `operate` may do both, decide and repair.',
    )
    .requiredOption('--role <roles>', `${ROLES.join(', ')}, or several with commas between`, readRoles)
    .option('--owner <name>', 'only pipelines of this owner; may be given again', readLimit)
    .option(
      '--environment <name>',
      'only this environment; may be given again. With --owner, both must hold',
      readLimit,
    )
    .option('--expires <duration>', 'how long it holds, such as 90d (default: until it is revoked)', readDuration)
    .option('--who <name>', WHO)
    .action((name: string, options: CreateOptions) => createOne(context, name, options));
  example(
    withOptions(create),
    'runledger token create airflow --role write --expires 90d',
    'RUNLEDGER_TOKEN=$(runledger token create nightly --role write,read)',
    'runledger token create ada --role read --owner team-a --environment prod',
    'runledger --aws token create cron --role write',
  );
  const list = token
    .command('list', { isDefault: true })
    .summary('list them')
    .description('Lists the tokens: their names, roles, times, and who created them. Nobody can show their secrets.')
    .option('--all', 'those that were revoked too, with who did it')
    .action((options: ListOptions) => listAll(context, options));
  withOptions(list);
  const revoke = token
    .command('revoke <name>')
    .summary('end one now')
    .description('Ends a token now: its holder is refused from the next request on.')
    .option('--who <name>', WHO)
    .action((name: string, options: ChangeOptions) => revokeOne(context, name, options));
  withOptions(revoke);
}

const withOptions = (command: Command): Command =>
  command
    .option('--data <dir>', 'folder of the ledger (default: $RUNLEDGER_DATA or .runledger)')
    .option('--json', 'print JSON');

function readRoles(text: string): readonly Role[] {
  const roles = ROLES.filter((role) => text.split(',').includes(role));
  if (roles.length > 0 && roles.length === new Set(text.split(',')).size) return roles;
  throw new InvalidArgumentError(`expected ${ROLES.join(', ')}, or several of them with commas between.`);
}

function readLimit(text: string, before: readonly string[] = []): readonly string[] {
  if (isLimitName(text)) return [...new Set([...before, text])];
  throw new InvalidArgumentError('expected a name as events have it: one line, without space around it.');
}

function readDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < 1_000) throw new InvalidArgumentError('expected a duration such as 12h, 90d or 52w.');
  return ms;
}

async function createOne(
  context: Context,
  name: string,
  { role: roles, expires: holdsMs, owner: owners, environment: environments, who, json, ...options }: CreateOptions,
): Promise<void> {
  if (!isTokenName(name))
    throw new Stop(
      EXIT.usage,
      `expected a name of small letters, digits and hyphens, at most 63, such as airflow-prod, but got ${name}`,
    );
  const { io, out, err } = context;
  const created_at = io.clock.now();
  const expires_at = holdsMs === undefined ? null : instantAfter(created_at, holdsMs);
  if (expires_at === undefined) throw new Stop(EXIT.usage, 'expected --expires before the year 10000; leave it out');
  const limits = limitsOf({ ...(owners && { owners }), ...(environments && { environments }) });
  const token: NamedToken = { name, roles, created_at, expires_at, created_by: whoIs(who, io), ...limits };
  const secret = secretOf(name, randomBytes(SECRET_BYTES).toString('base64url'));
  const store = await context.tokensOf(options);
  if (!(await store.create(token, secret)))
    throw new Stop(
      EXIT.failure,
      `expected a new name, but there is a token ${name}; choose another name, or revoke it first: ${io.program} token revoke ${name}`,
    );
  if (json) return printJson(context, { ...token, token: secret });
  // Alone on the output, so that a script can take it.
  out.line(secret);
  err.line(
    `${name} has ${roles.join(' and ')}${limits ? `, limited to ${limitsShown(limits)}` : ''}, ${expires_at === null ? 'until it is revoked' : `until ${instantShown(expires_at)} UTC`}. This secret is shown once; set it as RUNLEDGER_TOKEN.`,
  );
}

async function listAll(context: Context, { json, all, ...options }: ListOptions): Promise<void> {
  const { io, out, err } = context;
  const found = await (await context.tokensOf(options)).list();
  for (const each of found.problems) err.line(each);
  const tokens: readonly (NamedToken | RevokedToken)[] = all ? [...found.tokens, ...found.revoked] : found.tokens;
  if (json) return printJson(context, tokens);
  if (tokens.length === 0) return err.line(`no tokens; create one: ${io.program} token create NAME --role write`);
  const isAnyLimited = tokens.some((token) => limitsOf(token) !== undefined);
  const columns = [
    { head: 'name', keep: true },
    { head: 'roles', keep: true },
    ...(isAnyLimited ? [{ head: 'limited to', keep: true }] : []),
    { head: 'created (UTC)' },
    { head: 'by' },
    { head: all ? 'ends (UTC)' : 'expires (UTC)', keep: true },
  ];
  const rows = tokens.map((token) => [
    token.name,
    token.roles.join(','),
    ...(isAnyLimited ? [limitsText(token)] : []),
    instantShown(token.created_at),
    plain(token.created_by ?? ''),
    endOf(token, io.clock.now()),
  ]);
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
}

/** Which is an owner and which an environment is told apart: a name may be both. */
const limitsText = ({ owners = [], environments = [] }: Limits): string =>
  plain([...owners.map((each) => `owner ${each}`), ...environments.map((each) => `env ${each}`)].join(', '));

function endOf(token: NamedToken | RevokedToken, now: Instant): string {
  if ('revoked_at' in token) return `${instantShown(token.revoked_at)}, revoked by ${plain(token.revoked_by)}`;
  if (token.expires_at === null) return 'never';
  return `${instantShown(token.expires_at)}${isExpired(token, now) ? ', expired' : ''}`;
}

async function revokeOne(context: Context, name: string, { json, who, ...options }: ChangeOptions): Promise<void> {
  const { io, out } = context;
  const store = await context.tokensOf(options);
  if (!(isTokenName(name) && (await store.revoke(name, { at: io.clock.now(), who: whoIs(who, io) }))))
    throw new Stop(
      EXIT.notFound,
      `expected the name of a token, but there is no ${name}; \`${io.program} token list\` shows them`,
    );
  if (json) return printJson(context, { revoked: name });
  out.line(`${name}  revoked`);
}
