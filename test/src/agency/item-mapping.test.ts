import { afterEach, describe, expect, test } from 'vitest';
import { mappingBatches } from '#agency/mapping-batches';
import type { AgencyPort, MappingUpload } from '#agency/port';
import { clientFor, context, httpAnswer, type Peer, startPeer } from './peer.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function agencyThat(answer: string): Promise<{ client: AgencyPort; peer: Peer }> {
  const peer = await startPeer((socket) => socket.end(httpAnswer(answer)));
  peers.push(peer);
  return { client: clientFor(peer.url), peer };
}

const taken = JSON.stringify({ infcode: 0, output: {} });
const inputOf = (peer: Peer): unknown =>
  (JSON.parse(peer.heard[0]?.body ?? '{}') as { input?: unknown }).input;

const item: MappingUpload = {
  shopCode: 'HIS000101',
  name: '阿莫西林胶囊',
  listType: '101',
  nationalCode: 'XJ01CAA040E001010100001',
  from: '2025-09-11',
  to: '2099-12-31',
  approvalNumber: '国药准字H99990001',
  form: '胶囊剂',
  specification: '0.25g',
  packing: '24粒/盒',
};
const items = (count: number, more: Partial<MappingUpload> = {}) =>
  Array.from({ length: count }, (_none, index) => ({ ...item, shopCode: `HIS${index}`, ...more }));

describe('3301', () => {
  test('carries the rows under the names of the interface', async () => {
    const { client, peer } = await agencyThat(taken);
    const { approvalNumber: _a, form: _f, specification: _s, packing: _p, ...bare } = item;
    const outcome = await client.uploadMappings([item, { ...bare, shopCode: 'HIS000102' }], context);
    expect(outcome).toMatchObject({ kind: 'success' });
    expect(peer.heard[0]?.path).toBe('/fsi/api/catalogCompService/catalogCompUp');
    const row = {
      fixmedins_hilist_id: 'HIS000101',
      fixmedins_hilist_name: '阿莫西林胶囊',
      list_type: '101',
      med_list_codg: 'XJ01CAA040E001010100001',
      begndate: '2025-09-11',
      enddate: '2099-12-31',
    };
    expect(inputOf(peer)).toEqual({
      data: [
        { ...row, aprvno: '国药准字H99990001', dosform: '胶囊剂', spec: '0.25g', pacspec: '24粒/盒' },
        { ...row, fixmedins_hilist_id: 'HIS000102' },
      ],
    });
  });

  test('a hundred rows go, none and a hundred and one do not leave this machine', async () => {
    const { client, peer } = await agencyThat(taken);
    const short = { name: '药', approvalNumber: '准字1', form: '片', specification: '1g', packing: '1' };
    expect((await client.uploadMappings(items(100, short), context)).kind).toBe('success');
    for (const wrong of [[], items(101, short)]) {
      expect(await client.uploadMappings(wrong, context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-message-invalid' },
      });
    }
    expect(peer.heard).toHaveLength(1);
  });

  test.each([
    ['an own code over 30 characters', { shopCode: 'x'.repeat(31) }],
    ['no name', { name: '' }],
    ['an unknown kind of list', { listType: '999' }],
    ['a day that does not exist', { to: '2025-02-30' }],
  ])('%s is found before anything is sent', async (_what, wrong) => {
    const { client, peer } = await agencyThat(taken);
    const outcome = await client.uploadMappings([item, { ...item, ...wrong }], context);
    expect(outcome).toMatchObject({ kind: 'refused', fault: { code: 'agency-message-invalid' } });
    expect(outcome.kind === 'refused' && outcome.fault.detail).toMatch(/^input\.data\.1\./);
    expect(peer.heard).toHaveLength(0);
  });

  test('no answer is told as such, without words about money', async () => {
    const peer = await startPeer((socket) => socket.destroy());
    peers.push(peer);
    const outcome = await clientFor(peer.url).uploadMappings([item], context);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      fault: { code: 'mapping-unanswered', retry: 'transient' },
    });
  });

  test('a refusal keeps the words of the agency', async () => {
    const { client } = await agencyThat(JSON.stringify({ infcode: -1, err_msg: '医疗目录编码不存在' }));
    expect(await client.uploadMappings([item], context)).toMatchObject({
      kind: 'refused',
      agencyText: '医疗目录编码不存在',
      fault: { code: 'agency-refused' },
    });
  });
});

test('3302 names institution, own code, kind and national code', async () => {
  const { client, peer } = await agencyThat(taken);
  expect((await client.revokeMapping(item, context)).kind).toBe('success');
  expect(inputOf(peer)).toEqual({
    data: {
      fixmedins_code: 'P99010699901',
      fixmedins_hilist_id: 'HIS000101',
      list_type: '101',
      med_list_codg: 'XJ01CAA040E001010100001',
    },
  });
});

describe('batches', () => {
  test('hold a hundred each and keep the order', () => {
    const list = items(250);
    const batches = mappingBatches(list);
    expect(batches.map((batch) => batch.length)).toEqual([100, 100, 50]);
    expect(batches.flat()).toEqual(list);
    expect(mappingBatches([])).toEqual([]);
  });

  test('of the longest texts are cut before the 40,000 characters of an input, and all can be sent', async () => {
    const list = items(100, {
      name: '名'.repeat(200),
      form: '型'.repeat(200),
      specification: '规'.repeat(200),
      packing: '包'.repeat(100),
    });
    const batches = mappingBatches(list);
    expect(batches.length).toBeGreaterThan(1);
    expect(batches.flat()).toEqual(list);
    const { client } = await agencyThat(taken);
    for (const batch of batches) expect((await client.uploadMappings(batch, context)).kind).toBe('success');
  });
});
