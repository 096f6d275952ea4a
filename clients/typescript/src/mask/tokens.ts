// A copy of core/mask/tokens.ts, made by `npm run docs`: the client is published alone.
/** The characters that a kind of token is made of, the prefix apart. */
export type Alphabet = 'hex' | 'upper' | 'alnum' | 'word' | 'tilde' | 'dotted' | 'base64' | 'any';

/** A kind of token that names itself by how it begins, or by a part within it. */
export interface TokenForm {
  /** The rules of gitleaks (https://github.com/gitleaks/gitleaks, config/gitleaks.toml) that describe these forms. */
  readonly rules: string;
  /** How it begins, in any case. Each of these alone makes a text suspicious. */
  readonly starts: string;
  readonly of: Alphabet;
  /** How many characters of the alphabet follow at least. Fewer than the vendor says: a token may be cut. */
  readonly least: number;
  /** How many follow at most, where the beginning alone says too little. Default: any number. */
  readonly most?: number;
  /** What must stand within what follows. */
  readonly has?: string;
  /** What replaces it. Default: `[token]`. */
  readonly mark?: string;
}

/** What each alphabet holds beyond the one before it. `hex` has both cases, `upper` letters of upper case and digits. */
export const ALPHABETS: Readonly<Record<Alphabet, string>> = {
  hex: '0-9 a-f A-F',
  upper: '0-9 A-F G-Z',
  alnum: '0-9 a-f A-F g-z G-Z',
  word: '0-9 a-f A-F g-z G-Z _-',
  tilde: '0-9 a-f A-F g-z G-Z _- .~',
  dotted: '0-9 a-f A-F g-z G-Z _- .~ =',
  base64: '0-9 a-f A-F g-z G-Z _- .~ = +/',
  any: '0-9 a-f A-F g-z G-Z _- .~ = +/ %:',
};

/** Every kind that begins with what names it. */
export const TOKEN_FORMS: readonly TokenForm[] = [
  { rules: 'jwt', starts: 'eyJ', of: 'dotted', least: 9, has: '.', mark: '[jwt]' },
  { rules: 'jwt', starts: 'ey', of: 'base64', least: 36, has: '.ey', mark: '[jwt]' },
  { rules: 'jwt-base64', starts: 'ZXlK', of: 'base64', least: 40 },
  // The ledger's own (core/token/named-token.ts).
  { rules: 'runledger-token', starts: 'rl_', of: 'word', least: 25, has: '_Rl7', mark: '[runledger-token]' },
  {
    rules: 'aws-access-token',
    starts: 'AKIA ASIA ABIA ACCA',
    of: 'upper',
    least: 16,
    most: 16,
    mark: '[aws-access-key]',
  },
  { rules: 'aws-access-token', starts: 'A3T', of: 'upper', least: 17, most: 17, mark: '[aws-access-key]' },
  { rules: 'aws-amazon-bedrock-api-key-long-lived', starts: 'ABSK', of: 'base64', least: 80 },
  { rules: 'aws-amazon-bedrock-api-key-short-lived', starts: 'bedrock-api-key-', of: 'base64', least: 20 },
  {
    rules: 'github-pat github-oauth github-app-token github-refresh-token',
    starts: 'ghp_ gho_ ghu_ ghs_ ghr_',
    of: 'alnum',
    least: 30,
  },
  { rules: 'github-fine-grained-pat', starts: 'github_pat_', of: 'word', least: 30 },
  {
    rules:
      'gitlab-pat gitlab-pat-routable gitlab-cicd-job-token gitlab-deploy-token gitlab-feature-flag-client-token gitlab-feed-token',
    starts: 'glpat- glcbt- gldt- glffct- glft-',
    of: 'dotted',
    least: 20,
  },
  {
    rules:
      'gitlab-incoming-mail-token gitlab-kubernetes-agent-token gitlab-oauth-app-secret gitlab-ptt gitlab-rrt gitlab-scim-token',
    starts: 'glimt- glagent- gloas- glptt- GR1348941 glsoat-',
    of: 'dotted',
    least: 20,
  },
  {
    rules: 'gitlab-runner-authentication-token gitlab-runner-authentication-token-routable',
    starts: 'glrt- glrtr-',
    of: 'dotted',
    least: 20,
  },
  {
    rules: 'slack-bot-token slack-legacy-bot-token slack-legacy-token slack-legacy-workspace-token slack-user-token',
    starts: 'xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xoxe.xox',
    of: 'word',
    least: 8,
  },
  {
    rules: 'slack-app-token slack-config-access-token slack-config-refresh-token',
    starts: 'xapp- xoxe.',
    of: 'dotted',
    least: 5,
    has: '-',
  },
  {
    rules: 'anthropic-api-key anthropic-admin-api-key openai-api-key',
    starts: 'sk-ant- sk-proj- sk-svcacct- sk-admin-',
    of: 'word',
    least: 16,
  },
  { rules: 'openai-api-key', starts: 'sk-', of: 'word', least: 40, has: 'T3BlbkFJ' },
  {
    rules: 'huggingface-access-token huggingface-organization-api-token',
    starts: 'hf_ api_org_',
    of: 'alnum',
    least: 30,
  },
  { rules: 'perplexity-api-key groq cohere replicate', starts: 'pplx- gsk_ r8_', of: 'alnum', least: 36 },
  { rules: 'databricks-api-token', starts: 'dapi dose', of: 'hex', least: 32 },
  { rules: 'azure-devops', starts: 'dkea', of: 'hex', least: 32, most: 32 },
  { rules: 'gcp-api-key', starts: 'AIza', of: 'word', least: 35 },
  { rules: 'gcp-oauth', starts: 'GOCSPX- ya29.', of: 'word', least: 20 },
  {
    rules: 'stripe-access-token',
    starts: 'sk_test_ sk_live_ sk_prod_ rk_test_ rk_live_ rk_prod_',
    of: 'alnum',
    least: 10,
  },
  { rules: 'stripe-webhook', starts: 'whsec_', of: 'base64', least: 24 },
  { rules: 'sendgrid-api-token', starts: 'SG.', of: 'dotted', least: 33, has: '.' },
  { rules: 'sendinblue-api-token', starts: 'xkeysib-', of: 'word', least: 64 },
  { rules: 'vault-service-token vault-batch-token', starts: 'hvs. hvb. hvr.', of: 'word', least: 20 },
  { rules: 'vault-service-token', starts: 's.', of: 'alnum', least: 24, most: 24 },
  {
    rules: 'npm-access-token rubygems-api-token clojars-api-token',
    starts: 'npm_ rubygems_ CLOJARS_',
    of: 'alnum',
    least: 36,
  },
  { rules: 'pypi-upload-token', starts: 'pypi-', of: 'word', least: 50 },
  { rules: 'docker-pat', starts: 'dckr_pat_ dckr_oat_', of: 'word', least: 20 },
  { rules: 'artifactory-api-key artifactory-reference-token', starts: 'AKCp cmVmd', of: 'alnum', least: 59, most: 69 },
  { rules: 'grafana-api-key', starts: 'eyJrIjoi', of: 'base64', least: 60 },
  { rules: 'grafana-cloud-api-token grafana-service-account-token', starts: 'glc_ glsa_', of: 'base64', least: 32 },
  { rules: 'dbt-cloud', starts: 'dbtc_ dbtu_', of: 'dotted', least: 20 },
  { rules: 'prefect-api-token', starts: 'pnu_ pnb_', of: 'alnum', least: 36 },
  {
    rules: 'pulumi-api-token planetscale-api-token planetscale-oauth-token planetscale-password',
    starts: 'pul- pscale_tkn_ pscale_oauth_ pscale_pw_',
    of: 'dotted',
    least: 32,
  },
  {
    rules: 'digitalocean-pat digitalocean-access-token digitalocean-refresh-token',
    starts: 'dop_v1_ doo_v1_ dor_v1_',
    of: 'hex',
    least: 60,
  },
  { rules: 'doppler-api-token', starts: 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', of: 'dotted', least: 40 },
  { rules: 'linear-api-key notion-api-token', starts: 'lin_api_ ntn_', of: 'alnum', least: 40 },
  { rules: 'postman-api-token', starts: 'PMAK-', of: 'word', least: 50 },
  { rules: 'sentry-org-token sentry-user-token', starts: 'sntrys_ sntryu_', of: 'base64', least: 60 },
  {
    rules: 'new-relic-user-api-key new-relic-browser-api-token new-relic-insert-key',
    starts: 'NRAK- NRJS- NRII-',
    of: 'word',
    least: 19,
  },
  { rules: 'atlassian-api-token', starts: 'ATATT3 ATCTT3 ATBB', of: 'dotted', least: 24 },
  { rules: 'square-access-token', starts: 'sq0atp- sq0csp- EAAA', of: 'word', least: 22, most: 60 },
  { rules: 'age-secret-key', starts: 'AGE-SECRET-KEY-1', of: 'alnum', least: 50 },
  { rules: 'tailscale', starts: 'tskey-', of: 'word', least: 16 },
  { rules: '1password-secret-key', starts: 'A3-', of: 'word', least: 34, most: 38, has: '-' },
  { rules: '1password-service-account-token', starts: 'ops_eyJ', of: 'base64', least: 60 },
  { rules: 'adobe-client-secret', starts: 'p8e-', of: 'alnum', least: 32 },
  { rules: 'airtable-personnal-access-token', starts: 'pat', of: 'dotted', least: 79, has: '.' },
  { rules: 'harness-api-key', starts: 'pat. sat.', of: 'dotted', least: 66, has: '.' },
  { rules: 'alibaba-access-key-id', starts: 'LTAI', of: 'alnum', least: 16, most: 24 },
  {
    rules: 'authress-service-client-access-key',
    starts: 'sc_ ext_ scauth_ authress_',
    of: 'any',
    least: 50,
    has: '.acc',
  },
  { rules: 'clickhouse-cloud-api-secret-key', starts: '4b1d', of: 'alnum', least: 38, most: 38 },
  { rules: 'cloudflare-origin-ca-key', starts: 'v1.0-', of: 'word', least: 150 },
  { rules: 'defined-networking-api-token', starts: 'dnkey-', of: 'dotted', least: 60 },
  { rules: 'dropbox-short-lived-api-token', starts: 'sl.', of: 'dotted', least: 120 },
  { rules: 'duffel-api-token', starts: 'duffel_test_ duffel_live_', of: 'dotted', least: 43 },
  { rules: 'dynatrace-api-token', starts: 'dt0c01. dt0s01. dt0s16.', of: 'dotted', least: 80 },
  { rules: 'easypost-api-token easypost-test-api-token', starts: 'EZAK EZTK', of: 'alnum', least: 54, most: 54 },
  { rules: 'facebook-page-access-token', starts: 'EAAM EAAC', of: 'alnum', least: 100 },
  {
    rules: 'flutterwave-secret-key flutterwave-public-key flutterwave-encryption-key',
    starts: 'FLWSECK_TEST- FLWPUBK_TEST- FLWSECK- FLWPUBK-',
    of: 'word',
    least: 12,
  },
  { rules: 'flyio-access-token', starts: 'fo1_ fm1a_ fm1r_ fm2_', of: 'any', least: 43 },
  { rules: 'frameio-api-token', starts: 'fio-u-', of: 'dotted', least: 64 },
  { rules: 'heroku-api-key-v2', starts: 'HRKU-AA', of: 'word', least: 50 },
  { rules: 'infracost-api-token', starts: 'ico-', of: 'alnum', least: 32, most: 32 },
  { rules: 'intra42-client-secret', starts: 's-s4t2ud- s-s4t2af-', of: 'hex', least: 64 },
  { rules: 'lob-api-key lob-pub-api-key', starts: 'live_ test_ live_pub_ test_pub_', of: 'hex', least: 31, most: 35 },
  { rules: 'gocardless-api-token', starts: 'live_', of: 'dotted', least: 40, most: 40 },
  { rules: 'mailgun-private-api-token mailgun-pub-key', starts: 'key- pubkey-', of: 'hex', least: 32, most: 32 },
  { rules: 'mapbox-api-token', starts: 'pk. sk.', of: 'dotted', least: 80, has: '.' },
  { rules: 'octopus-deploy-api-key', starts: 'API-', of: 'upper', least: 26, most: 26 },
  { rules: 'openshift-user-token', starts: 'sha256~', of: 'word', least: 43 },
  { rules: 'plaid-api-token', starts: 'access-sandbox- access-development- access-production-', of: 'word', least: 32 },
  { rules: 'readme-api-token', starts: 'rdme_', of: 'alnum', least: 60 },
  { rules: 'scalingo-api-token', starts: 'tk-us- tk-eu-', of: 'word', least: 48 },
  {
    rules: 'settlemint-application-access-token settlemint-personal-access-token settlemint-service-access-token',
    starts: 'sm_aat_ sm_pat_ sm_sat_',
    of: 'alnum',
    least: 16,
  },
  { rules: 'shippo-api-token', starts: 'shippo_live_ shippo_test_', of: 'hex', least: 40 },
  {
    rules: 'shopify-access-token shopify-custom-access-token shopify-private-app-access-token shopify-shared-secret',
    starts: 'shpat_ shpca_ shppa_ shpss_',
    of: 'hex',
    least: 32,
  },
  { rules: 'sonar-api-token', starts: 'squ_ sqp_ sqa_', of: 'dotted', least: 40 },
  { rules: 'sourcegraph-access-token', starts: 'sgp_', of: 'word', least: 40 },
  { rules: 'twilio-api-key', starts: 'SK', of: 'hex', least: 32, most: 32 },
  { rules: 'twitter-bearer-token', starts: 'AAAAAAAAAAAAAAAAAAAAAA', of: 'any', least: 80 },
  { rules: 'typeform-api-token', starts: 'tfp_', of: 'dotted', least: 50 },
  { rules: 'yandex-access-token', starts: 't1.', of: 'dotted', least: 87 },
  { rules: 'yandex-api-key', starts: 'AQVN', of: 'word', least: 35, most: 38 },
];

/** A kind of token that does not begin with what names it: all letters of the alphabet around `within` are the token. */
export interface InnerForm {
  readonly rules: string;
  readonly within: string;
  readonly of: Alphabet;
  /** How many letters stand before `within`. */
  readonly before: readonly [least: number, most: number];
  /** How long the whole is at least. */
  readonly least: number;
}

export const INNER_FORMS: readonly InnerForm[] = [
  { rules: 'azure-ad-client-secret', within: 'Q~', of: 'tilde', before: [4, 4], least: 34 },
  { rules: 'hashicorp-tf-api-token', within: '.atlasv1.', of: 'dotted', before: [14, 14], least: 60 },
  { rules: 'maxmind-license-key', within: '_mmk', of: 'word', before: [36, 36], least: 40 },
  { rules: 'telegram-bot-api-token', within: ':A', of: 'word', before: [5, 19], least: 40 },
];
