import type { Options } from './options.ts';

/** Two options that must fit each other. */
interface Pair {
  readonly names: readonly [keyof Options, keyof Options];
  readonly fits: (options: Options) => boolean;
  readonly expected: string;
}

const onlyWithLakeFormation = (name: 'lakeFormationReaders' | 'lakeFormationOperators'): Pair => ({
  names: ['lakeFormation', name],
  fits: (options) => options.lakeFormation || options[name].length === 0,
  expected: `expected lakeFormation=true with ${name}, but got false`,
});

/** Every pair that is not listed fits: a test synthesises each combination of their ends. */
export const PAIRS: readonly Pair[] = [
  {
    names: ['slackWorkspaceId', 'slackChannelId'],
    fits: ({ slackWorkspaceId, slackChannelId }) => (slackWorkspaceId === undefined) === (slackChannelId === undefined),
    expected: 'expected both or neither, but got one of them',
  },
  {
    names: ['subnetIds', 'securityGroupIds'],
    fits: ({ subnetIds, securityGroupIds }) => (subnetIds.length === 0) === (securityGroupIds.length === 0),
    expected: 'expected both or neither, but got one of them',
  },
  {
    names: ['producerAccounts', 'producerExternalId'],
    fits: ({ producerAccounts, producerExternalId }) => producerAccounts.length > 0 || producerExternalId === undefined,
    expected: 'expected producerAccounts with producerExternalId, but got none',
  },
  {
    names: ['dataRemoval', 'protect'],
    fits: ({ dataRemoval, protect }) => dataRemoval === 'keep' || !protect,
    expected: 'expected dataRemoval=keep with protect=true, but got delete',
  },
  {
    names: ['dataRemoval', 'adopt'],
    fits: ({ dataRemoval, adopt }) => dataRemoval === 'keep' || adopt === undefined,
    expected:
      'expected dataRemoval=keep with adopt, for the stack deletes nothing that it did not make, but got delete',
  },
  {
    names: ['httpApi', 'page'],
    fits: ({ httpApi, page }) => httpApi || page === false,
    expected: 'expected httpApi=true with page, but got false',
  },
  onlyWithLakeFormation('lakeFormationReaders'),
  onlyWithLakeFormation('lakeFormationOperators'),
];
