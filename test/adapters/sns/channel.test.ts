import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openChannel } from '../../../adapters/sns/channel.ts';
import { chatMessage } from '../../../adapters/sns/chat-message.ts';
import { emailMessage } from '../../../adapters/sns/email-message.ts';
import type { Notice } from '../../../core/alert/notice.ts';
import { cutLines } from '../../../core/cut.ts';

const aNotice = (overrides: Partial<Notice> = {}): Notice => ({
  kind: 'opened',
  severity: 'P1',
  environment: 'prod',
  process_name: 'customer_daily',
  run_id: 'run-1',
  thread: 'prod/customer_daily/run-1',
  title: 'customer_daily failed in prod: D201',
  lines: ['12:00 STEP_END load FAILED', '12:01 RUN_END FAILED'],
  next_steps: ['runledger show run-1'],
  facts: { error_code: 'D201', advice: 'The data is wrong.' },
  told: [],
  links: [],
  ...overrides,
});

function mocked() {
  const client = new SNSClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(PublishCommand).resolves({ MessageId: 'm-1' });
  const published = () => mock.commandCalls(PublishCommand).map(({ args }) => args[0].input);
  return {
    mock,
    published,
    email: openChannel({ client, topic: 'arn:mail', form: 'email' }),
    chat: openChannel({ client, topic: 'arn:chat', form: 'chat' }),
  };
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.integer({ min: 0, max: 12_000 }).map((length) => '\u{1F600}'.repeat(length / 2)),
);
const anyNotice = fc.record({
  kind: fc.constantFrom('opened' as const, 'resolved' as const),
  severity: fc.constantFrom('P1' as const, 'P2' as const),
  environment: anyText,
  process_name: anyText,
  run_id: anyText,
  thread: anyText,
  title: anyText,
  lines: fc.array(anyText, { maxLength: 60 }),
  next_steps: fc.array(anyText, { maxLength: 20 }),
  facts: fc.dictionary(anyText, anyText, { maxKeys: 30 }),
  told: fc.constant([]),
  links: fc.constant([]),
});

describe('publishing', () => {
  test('each topic gets the notice in its own form, with what subscribers filter by', async () => {
    const { email, chat: room, published } = mocked();
    expect(await email.send(aNotice())).toEqual({ channel: 'email', delivered: true, message_id: 'm-1' });
    expect(await room.send(aNotice())).toEqual({ channel: 'chat', delivered: true, message_id: 'm-1' });
    const [mail, chat] = published();
    expect(mail).toMatchObject({ TopicArn: 'arn:mail', Subject: '[P1] customer_daily failed in prod: D201' });
    expect(chat).toMatchObject({ TopicArn: 'arn:chat' });
    expect(chat).not.toHaveProperty('Subject');
    expect(JSON.parse(chat?.Message ?? '')).toMatchObject({ version: '1.0', source: 'custom' });
    for (const message of published())
      expect(message.MessageAttributes).toEqual({
        severity: { DataType: 'String', StringValue: 'P1' },
        kind: { DataType: 'String', StringValue: 'opened' },
        environment: { DataType: 'String', StringValue: 'prod' },
        process_name: { DataType: 'String', StringValue: 'customer_daily' },
      });
  });

  test('a topic that fails says why, and its failure is not thrown', async () => {
    const { mock, email, chat } = mocked();
    mock
      .on(PublishCommand, { TopicArn: 'arn:mail' })
      .rejects(Object.assign(new Error('no'), { name: 'KMSAccessDeniedException' }));
    expect(await email.send(aNotice())).toEqual({
      channel: 'email',
      delivered: false,
      why:
        'Expected the topic arn:mail to take the notice, got KMSAccessDeniedException: no. ' +
        'Allow this role to use the key of the topic, and check that the key is enabled.',
    });
    expect(await chat.send(aNotice())).toEqual({ channel: 'chat', delivered: true, message_id: 'm-1' });
  });

  test.each([
    ['KMSDisabledException', 'check that the key is enabled'],
    ['KMSThrottlingException', 'Send it again.'],
    ['ThrottledException', 'Send it again.'],
    ['AuthorizationErrorException', 'Allow this role to publish to the topic.'],
    ['NotFoundException', 'deploy the stack that makes the topic'],
  ])('%s is explained', async (name, advice) => {
    const { mock, email } = mocked();
    mock.on(PublishCommand).rejects(Object.assign(new Error('no'), { name }));
    expect(await email.send(aNotice())).toEqual({
      channel: 'email',
      delivered: false,
      why: expect.stringContaining(advice),
    });
  });
});

describe('the mail', () => {
  test('is plain text: what is wrong, what is known, what to do', () => {
    expect(emailMessage(aNotice()).body).toBe(
      [
        'customer_daily failed in prod: D201',
        '',
        '12:00 STEP_END load FAILED',
        '12:01 RUN_END FAILED',
        '',
        'Next:',
        '  runledger show run-1',
        '',
        'Facts:',
        '  pipeline: customer_daily',
        '  run: run-1',
        '  environment: prod',
        '  severity: P1',
        '  error_code: D201',
        '  advice: The data is wrong.',
      ].join('\n'),
    );
  });

  test('says how much it leaves out', () => {
    const { body } = emailMessage(aNotice({ lines: Array.from({ length: 5_000 }, (_, index) => `event ${index}`) }));
    expect(body).toContain('\nevent 0\nevent 1\n');
    expect(body).toMatch(/\n… \d+ more\n\nNext:/);
    expect(body).toContain('error_code: D201');
  });

  test('keeps within the limits of SNS, whatever the notice says', () => {
    fc.assert(
      fc.property(anyNotice, (notice) => {
        const { subject, body } = emailMessage(notice);
        expect(subject.length).toBeLessThan(100);
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(Buffer.byteLength(body)).toBeLessThan(256 * 1024);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the chat message', () => {
  test('is the custom schema, one thread for a run', () => {
    const message = JSON.parse(chatMessage(aNotice()));
    expect(message).toEqual({
      version: '1.0',
      source: 'custom',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      content: {
        textType: 'client-markdown',
        title: '[P1] customer_daily failed in prod: D201',
        description: '12:00 STEP_END load FAILED\n12:01 RUN_END FAILED',
        nextSteps: ['runledger show run-1'],
        keywords: ['P1', 'prod', 'customer_daily'],
      },
      metadata: {
        threadId: 'prod/customer_daily/run-1',
        summary: '[P1] customer_daily failed in prod: D201',
        additionalContext: { kind: 'opened', run: 'run-1', error_code: 'D201', advice: 'The data is wrong.' },
      },
    });
    const late = JSON.parse(chatMessage(aNotice({ kind: 'resolved' })));
    expect(late.id).not.toBe(message.id);
    expect(late.metadata.threadId).toBe(message.metadata.threadId);
  });

  test('says how much it leaves out', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `event ${index}`);
    const { content } = JSON.parse(chatMessage(aNotice({ lines: many, next_steps: many })));
    expect(content.description).toMatch(/\n… \d+ more$/);
    expect(content.nextSteps).toHaveLength(8);
    expect(content.nextSteps.at(-1)).toBe('… 1993 more');
  });

  test('calls nobody that a producer names', () => {
    expect(chatMessage(aNotice({ title: '<!channel> failed', lines: ['<https://evil|click>'] }))).not.toMatch(/[<>]/);
  });

  test('keeps within the limits of the schema, whatever the notice says', () => {
    fc.assert(
      fc.property(anyNotice, (notice) => {
        const text = chatMessage(notice);
        const { content, metadata } = JSON.parse(text);
        expect(content.title.length).toBeLessThanOrEqual(250);
        expect(content.description.trim()).not.toBe('');
        expect(content.description.length).toBeLessThanOrEqual(8_000);
        for (const step of content.nextSteps ?? []) expect(step.length).toBeLessThanOrEqual(350);
        for (const keyword of content.keywords) expect(keyword.length).toBeLessThanOrEqual(75);
        expect(metadata.threadId.length).toBeLessThanOrEqual(250);
        expect(Buffer.byteLength(text)).toBeLessThan(256 * 1024);
      }),
      { numRuns: 50 },
    );
  });
});

test('lines are cut to what fits, and no line is lost without a word', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 50 }), { maxLength: 50 }),
      fc.integer({ min: 40, max: 500 }),
      (lines, max) => {
        const kept = cutLines(lines, max);
        expect(kept.join('\n').length).toBeLessThanOrEqual(max);
        const left = /^… (\d+) more$/.exec(kept.at(-1) ?? '');
        expect(left && kept.length <= lines.length ? kept.length - 1 + Number(left[1]) : kept.length).toBe(
          lines.length,
        );
      },
    ),
  );
});
