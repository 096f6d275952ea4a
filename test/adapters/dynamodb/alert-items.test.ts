import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { incidentItem, incidentKey } from '../../../adapters/dynamodb/incident-item.ts';
import { openIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { openPipelineWatches } from '../../../adapters/dynamodb/pipeline-watches.ts';
import { resolved } from '../../../core/alert/incident.ts';
import type { Watch } from '../../../core/ports/pipeline-watches.ts';
import { openIncident } from '../../contracts/incident-store.contract.ts';
import { fakeIncidentStore } from '../../fakes/incident-store.ts';
import { aTable } from './a-table.ts';
import { mockedTable, refusal } from './fakes.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const at = (hour: string) => `2025-11-03T${hour}:00:00.000Z`;
const key = { environment: 'prod', process_name: 'orders' };
const subject = { ...key, slot: 'run 1' };

describe('an incident in the table', () => {
  test('expires 400 days after it was resolved, and never before', async () => {
    const incident = await openIncident(fakeIncidentStore(), subject, NOW);
    expect(incident && incidentItem(incident).expires_at).toBeUndefined();
    const ended = incident && resolved(incident, NOW, 'a good run');
    expect(ended && incidentItem(ended).expires_at).toBe(Date.parse('2026-12-08T12:00:00.000Z') / 1000);
  });

  test('has a key that DynamoDB takes, however long its names are', () => {
    const keyOf = (name: string) => incidentKey({ environment: name, process_name: name, slot: name }).pk;
    const [one, other] = ['\u0001', '\u0002'].map((letter) => keyOf(letter.repeat(256)));
    expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(2048);
    expect(one).not.toBe(other);
    expect(keyOf('a')).toBe('incident#["a","a","a"]');
  });

  test('that others change thirty times over is an error; any other refusal is explained', async () => {
    const { mock, pauses, settings } = mockedTable();
    mock.on(GetCommand).resolves({});
    mock.on(PutCommand).rejects(refusal('ConditionalCheckFailedException'));
    const store = openIncidentStore(settings);
    await expect(openIncident(store, subject, NOW)).rejects.toThrow(
      'Expected to change the item incident#["prod","orders","run 1"] of the table ledger, another writer came first 30 times.',
    );
    expect(pauses).toHaveLength(29);
    mock.on(PutCommand).rejects(refusal('AccessDeniedException'));
    await expect(openIncident(store, subject, NOW)).rejects.toThrow('Allow this role to read and write the table');
  });
});

describe('a watch in the table', () => {
  const itemOf = async (changes: readonly Partial<Watch>[]) => {
    const table = aTable();
    const watches = openPipelineWatches(table);
    for (const change of changes)
      await watches.changeWatch(key, (stored) => ({ ...key, since: NOW, judged_until: NOW, ...stored, ...change }));
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.table, Key: { pk: 'watch#["prod","orders"]', sk: 'watch' } }),
    );
    return Item;
  };

  test('stays where it is in the index when its next check moves on, and moves when it comes sooner', async () => {
    const planned = async (...checks: (string | undefined)[]) => {
      const item = await itemOf(checks.map((next_check) => ({ next_check })));
      return [item?.open, item?.next_check_at];
    };
    expect(await planned(at('13'))).toEqual(['watch', at('13')]);
    expect(await planned(at('13'), at('14'), at('15'))).toEqual(['watch', at('13')]);
    expect(await planned(at('14'), at('13'))).toEqual(['watch', at('13')]);
    expect(await planned(at('13'), undefined)).toEqual([undefined, undefined]);
    expect(await planned(at('13'), undefined, at('14'))).toEqual(['watch', at('14')]);
  });

  test('expires 400 days after it was last judged, or will be checked', async () => {
    expect((await itemOf([{ judged_until: NOW }]))?.expires_at).toBe(Date.parse('2026-12-08T12:00:00.000Z') / 1000);
    expect((await itemOf([{ next_check: '2028-02-29T12:00:00.000Z' }]))?.expires_at).toBe(
      Date.parse('2029-04-04T12:00:00.000Z') / 1000,
    );
  });

  test('that is returned as it was given is not written', async () => {
    const { mock, settings } = mockedTable();
    const stored = { ...key, since: NOW, judged_until: NOW };
    mock.on(GetCommand).resolves({ Item: { version: 7, watch: JSON.stringify(stored) } });
    expect(
      await openPipelineWatches(settings).changeWatch(key, (watch) => watch ?? { ...stored, since: at('01') }),
    ).toEqual(stored);
    expect(mock.commandCalls(PutCommand)).toHaveLength(0);
    expect(mock.commandCalls(GetCommand)[0]?.args[0].input).toMatchObject({ ConsistentRead: true });
  });
});
