import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../../core/alert/notice.ts';
import { aChange, aNotice, anIncident, anyNotice } from '../../contracts/channel.contract.ts';
import { KEY, NOW, opened, SIGNING_SECRET } from './opened.ts';
import { aReceiver } from './receiver.ts';

/** What a receiver gets of a notice. */
async function received(form: Parameters<typeof opened>[0], notice: Notice) {
  const receiver = await aReceiver();
  expect(await opened(form, receiver.url).channel.send(notice)).toMatchObject({ delivered: true });
  return receiver.received.map(({ headers, body }) => ({ headers, body, json: JSON.parse(body) }));
}

const resolution = {
  incident: anIncident({ status: 'resolved', resolved_at: NOW, resolution: 'a good run', changes: 2 }),
  change: aChange({ number: 2, kind: 'resolved', at: NOW, reasons: [] }),
};

describe('the generic webhook', () => {
  test('is one CloudEvent with the incident as data', async () => {
    const [only, ...others] = await received('webhook', aNotice());
    expect(others).toEqual([]);
    expect(only?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(only?.json).toEqual({
      specversion: '1.0',
      id: only?.headers['webhook-id'],
      source: '/runledger/prod',
      type: 'runledger.incident.opened',
      subject: 'customer_daily',
      time: '2025-11-03T12:01:00.000Z',
      datacontenttype: 'application/json',
      data: {
        id: '["prod","customer_daily","run run-1",1]',
        change: 'opened',
        pipeline: 'customer_daily',
        environment: 'prod',
        slot: 'run run-1',
        status: 'open',
        severity: 'P1',
        reasons: ['FAILED'],
        run_ids: ['run-1'],
        held_up: [],
        occurred_at: '2025-11-03T12:00:00.000Z',
        detected_at: '2025-11-03T12:01:00.000Z',
        notified_at: '2025-11-03T12:01:00.000Z',
        acknowledged_at: null,
        resolved_at: null,
        title: aNotice().title,
        lines: aNotice().lines,
        facts: aNotice().facts,
        next_steps: aNotice().next_steps,
        links: aNotice().links,
      },
    });
  });

  test('is signed over its id, its time and its body, so that nobody can change or repeat it unseen', async () => {
    const [only] = await received('webhook', aNotice());
    if (only === undefined) throw new Error('nothing came');
    const { headers, body } = only;
    expect(headers['webhook-timestamp']).toBe(String(Date.parse(NOW) / 1000));
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const expected = createHmac('sha256', SIGNING_SECRET).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  test('has the same id whenever it is sent again, and another one for each change', async () => {
    const idOf = async (notice: Notice) => (await received('webhook', notice))[0]?.json.id;
    expect(await idOf(aNotice({ title: 'worded anew' }))).toBe(await idOf(aNotice()));
    expect(await idOf(aNotice({ told: [resolution] }))).not.toBe(await idOf(aNotice()));
  });

  test('of a storm is one event for each kind of change, with every incident in it', async () => {
    const told = Array.from({ length: 500 }, (_, index) => ({
      incident: anIncident({ id: `incident ${index}`, slot: `run ${index}` }),
      change: aChange(),
    }));
    const events = await received('webhook', aNotice({ title: '501 incidents', told: [...told, resolution] }));
    expect(events.map(({ json }) => json.type)).toEqual(['runledger.incident.opened', 'runledger.incident.resolved']);
    expect(events[0]?.json.data.incidents).toHaveLength(500);
    expect(events[0]?.json.data.incidents[499]).toMatchObject({ id: 'incident 499', slot: 'run 499', status: 'open' });
    expect(events[1]?.json.data).toMatchObject({ status: 'resolved', resolved_at: NOW, title: '501 incidents' });
  });
});

describe('the Slack message', () => {
  test('has the title as header, the story, the facts, commands that can be copied and a button', async () => {
    const [only] = await received('slack', aNotice());
    const { text, blocks } = only?.json ?? {};
    expect(text).toBe('[P1] customer_daily failed in prod: D201');
    expect(blocks.map(({ type }: { type: string }) => type)).toEqual([
      'header',
      'section',
      'section',
      'rich_text',
      'actions',
    ]);
    expect(blocks[1].text).toEqual({
      type: 'plain_text',
      emoji: false,
      text: '12:00 STEP_END load FAILED\n12:01 RUN_END FAILED',
    });
    expect(blocks[3].elements[0].elements[0].text).toBe('runledger show run-1');
    expect(blocks[4].elements[0]).toMatchObject({ type: 'button', url: 'https://wiki.example.com/customer_daily' });
  });

  test('lets no producer page a channel or hide an address', async () => {
    const hostile = '<!channel> <https://evil.example|Runbook> *bold* :fire:';
    const [only] = await received('slack', aNotice({ title: hostile, lines: [hostile], facts: { owner: hostile } }));
    expect(only?.json.text).toBe('[P1] &lt;!channel&gt; &lt;https://evil.example|Runbook&gt; *bold* :fire:');
    const kinds = [...(only?.body.matchAll(/"type":"(\w+)"/g) ?? [])].map(([, kind]) => kind);
    expect(kinds).not.toContain('mrkdwn');
    expect(only?.body).not.toContain('"emoji":true');
  });

  test('keeps within the limits of Slack, whatever the notice says', async () => {
    for (const notice of fc.sample(anyNotice, { numRuns: 30, seed: 3 })) {
      const [only] = await received('slack', notice);
      const { text, blocks } = only?.json ?? {};
      expect(text.length).toBeLessThanOrEqual(40_000);
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const block of blocks) {
        if (block.text) expect(block.text.text.length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000);
        if (block.text) expect(block.text.text.length).toBeGreaterThan(0);
        expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10);
        for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
      }
    }
  });
});

describe('the Teams card', () => {
  test('is an adaptive card of rich text, with the runbook as a button', async () => {
    const [only] = await received('teams', aNotice());
    const [attachment] = only?.json.attachments ?? [];
    expect(only?.json.type).toBe('message');
    expect(attachment.contentType).toBe('application/vnd.microsoft.card.adaptive');
    const { body, actions } = attachment.content;
    expect(body[0].inlines).toEqual([
      {
        type: 'TextRun',
        text: 'customer_daily failed in prod: D201',
        weight: 'bolder',
        size: 'medium',
        color: 'attention',
      },
    ]);
    // A text block would read markup.
    expect(body.every(({ type }: { type: string }) => type === 'RichTextBlock')).toBe(true);
    expect(actions).toEqual([
      { type: 'Action.OpenUrl', title: 'Runbook', url: 'https://wiki.example.com/customer_daily' },
    ]);
  });

  test('says how much it leaves out, and keeps within 28 KB, whatever the notice says', async () => {
    const [long] = await received('teams', aNotice({ lines: Array.from({ length: 5_000 }, (_, at) => `event ${at}`) }));
    expect(long?.body).toMatch(/… \d+ more/);
    for (const notice of fc.sample(anyNotice, { numRuns: 30, seed: 4 })) {
      const [only] = await received('teams', notice);
      expect(Buffer.byteLength(only?.body ?? '')).toBeLessThan(28 * 1024);
    }
  });
});

describe('the PagerDuty event', () => {
  test('triggers, acknowledges and resolves under one key', async () => {
    const taken = {
      incident: anIncident({ status: 'acknowledged', changes: 2 }),
      change: aChange({ number: 2, kind: 'acknowledged', reasons: [] }),
    };
    const events = [];
    for (const told of [aNotice().told, [taken], [resolution]])
      events.push(...(await received('pagerduty', aNotice({ told }))).map(({ json }) => json));
    expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(new Set(events.map(({ routing_key }) => routing_key))).toEqual(new Set([KEY]));
    expect(events[0].payload).toMatchObject({
      summary: '[P1] customer_daily failed in prod: D201',
      source: 'prod/customer_daily',
      severity: 'critical',
      timestamp: '2025-11-03T12:01:00.000Z',
      class: 'FAILED',
    });
    expect(events[0].links).toEqual([{ href: 'https://wiki.example.com/customer_daily', text: 'Runbook' }]);
  });

  test('of a storm is one page; what ends is resolved one by one', async () => {
    const many = (kind: 'opened' | 'resolved') =>
      Array.from({ length: 8 }, (_, at) => ({ incident: anIncident({ id: `${at}` }), change: aChange({ kind }) }));
    expect(await received('pagerduty', aNotice({ told: many('opened') }))).toHaveLength(1);
    const ended = await received('pagerduty', aNotice({ told: many('resolved') }));
    expect(new Set(ended.map(({ json }) => json.dedup_key)).size).toBe(8);
  });

  test('keeps within the limits of PagerDuty, whatever the notice says', async () => {
    for (const notice of fc.sample(anyNotice, { numRuns: 30, seed: 5 })) {
      for (const { json, body } of await received('pagerduty', notice)) {
        expect(Buffer.byteLength(body)).toBeLessThan(512 * 1024);
        expect(json.dedup_key.length).toBeLessThanOrEqual(255);
        expect(json.payload?.summary.length ?? 0).toBeLessThanOrEqual(1_024);
      }
    }
  });
});
