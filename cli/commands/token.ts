import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { instantShown } from '../../core/format.ts';
import { instantAfter } from '../../core/instant.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import { isExpired, isTokenName, type NamedToken, SECRET_BYTES, secretOf } from '../../core/token/named-token.ts';
import { ROLES, type Role } from '../../core/token/role.ts';
import { type Context, example, printJson } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { tableOf } from '../screen/table.ts';
import { folderOf } from '../serve/options.ts';

interface TokenOptions {
  readonly data?: string;
  readonly json?: true;
}

interface CreateOptions extends TokenOptions {
  readonly role: readonly Role[];
  readonly expires?: number;
}

/** Adds the command `token`. */
export function addTokens(program: Command, context: Context): void {
  const token = program
    .command('token')
    .summary('say who may call a served ledger')
    .description(
      'Named tokens of a served ledger. Once there is one, each caller needs one. Creating and revoking act at once, also while the ledger is served.',
    );
  const create = token
    .command('create <name>')
    .summary('create one, and show its secret once')
    .description(
      'Creates a token and prints its secret, which the ledger keeps only as a hash: it cannot be shown again. `write` may send events, `read` may ask, `operate` may do both, decide and repair.',
    )
    .requiredOption('--role <roles>', `${ROLES.join(', ')}, or several with commas between`, readRoles)
    .option('--expires <duration>', 'how long it holds, such as 90d (default: until it is revoked)', readDuration)
    .action((name: string, options: CreateOptions) => createOne(context, name, options));
  example(
    withOptions(create),
    'runledger token create airflow --role write --expires 90d',
    'RUNLEDGER_TOKEN=$(runledger token create nightly --role write,read)',
  );
  const list = token
    .command('list', { isDefault: true })
    .summary('list them')
    .description('Lists the tokens: their names, roles and times. Nobody can show their secrets.')
    .action((options: TokenOptions) => listAll(context, options));
  withOptions(list);
  const revoke = token
    .command('revoke <name>')
    .summary('end one now')
    .description('Ends a token now: its holder is refused from the next request on.')
    .action((name: string, options: TokenOptions) => revokeOne(context, name, options));
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

function readDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < 1_000) throw new InvalidArgumentError('expected a duration such as 12h, 90d or 52w.');
  return ms;
}

async function createOne(
  context: Context,
  name: string,
  { role: roles, expires: holdsMs, json, ...options }: CreateOptions,
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
  const token: NamedToken = { name, roles, created_at, expires_at };
  const secret = secretOf(name, randomBytes(SECRET_BYTES).toString('base64url'));
  const store = await context.tokensOf(folderOf(options, io));
  if (!(await store.create(token, secret)))
    throw new Stop(
      EXIT.failure,
      `expected a new name, but there is a token ${name}; choose another name, or revoke it first: ${io.program} token revoke ${name}`,
    );
  if (json) return printJson(context, { ...token, token: secret });
  // Alone on the output, so that a script can take it.
  out.line(secret);
  err.line(
    `${name} has ${roles.join(' and ')}, ${expires_at === null ? 'until it is revoked' : `until ${instantShown(expires_at)} UTC`}. This secret is shown once; set it as RUNLEDGER_TOKEN.`,
  );
}

async function listAll(context: Context, { json, ...options }: TokenOptions): Promise<void> {
  const { io, out, err } = context;
  const { tokens, problems } = (await context.tokensOf(folderOf(options, io))).list();
  for (const each of problems) err.line(each);
  if (json) return printJson(context, tokens);
  if (tokens.length === 0) return err.line(`no tokens; create one: ${io.program} token create NAME --role write`);
  const columns = [
    { head: 'name', keep: true },
    { head: 'roles', keep: true },
    { head: 'created (UTC)' },
    { head: 'expires (UTC)', keep: true },
  ];
  const rows = tokens.map((token) => [
    token.name,
    token.roles.join(','),
    instantShown(token.created_at),
    token.expires_at === null
      ? 'never'
      : `${instantShown(token.expires_at)}${isExpired(token, io.clock.now()) ? ', expired' : ''}`,
  ]);
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
}

async function revokeOne(context: Context, name: string, { json, ...options }: TokenOptions): Promise<void> {
  const store = await context.tokensOf(folderOf(options, context.io));
  if (!(isTokenName(name) && store.revoke(name)))
    throw new Stop(EXIT.notFound, `expected the name of a token, but there is no ${name}; \`token list\` shows them`);
  if (json) return printJson(context, { revoked: name });
  context.out.line(`${name}  revoked`);
}
