import { describe, expect, it } from 'vitest';
import { wireNumber } from '#simulators/agency/wire';
import { type Caller, rows } from './caller.ts';
import { agencyWithGoods } from './catalogue-helpers.ts';

const mapping = {
  fixmedins_hilist_id: 'G0001',
  fixmedins_hilist_name: '示例甲胶囊',
  list_type: '101',
  med_list_codg: 'XA99AAZ000E001010199001',
  begndate: '2026-03-01',
  enddate: '2099-12-31',
};
const other = { ...mapping, med_list_codg: 'ZB99BAF0010101990020' };
const revocation = {
  fixmedins_code: 'P99010000001',
  fixmedins_hilist_id: 'G0001',
  list_type: '101',
  med_list_codg: 'XA99AAZ000E001010199001',
};

async function own(caller: Caller, more: Record<string, unknown> = {}) {
  const answer = await caller.call('1317', {
    data: { updt_time: '1970-01-01', page_num: wireNumber(1n, 0), page_size: wireNumber(100n, 0), ...more },
  });
  return rows(answer.output, 'data').map((row) => [
    row['fixmedins_code'],
    row['medins_list_codg'],
    row['med_list_codg'],
    row['vali_flag'],
  ]);
}

describe('3301 and 3302', () => {
  it('keep what is uploaded, and 1317 gives it back', async () => {
    const { agency, caller } = await agencyWithGoods();
    const answer = await caller.call('3301', { data: [mapping, { ...other, fixmedins_hilist_id: 'G0002' }] });
    expect(answer.infcode).toBe('0');
    expect(await own(caller, { medins_list_codg: 'G0001' })).toEqual([
      ['P99010000001', 'G0001', 'XA99AAZ000E001010199001', '1'],
    ]);
    expect(agency.control.catalogue.mappings('P99010000001')).toHaveLength(2);
    expect(agency.control.catalogue.mappings('P99010000002')).toEqual([]);
  });

  it('refuse a hundred and one rows, and take none of them', async () => {
    const { caller } = await agencyWithGoods();
    const many = (count: number) =>
      Array.from({ length: count }, (_none, index) => ({ ...mapping, fixmedins_hilist_id: `G${index}` }));
    const refused = await caller.call('3301', { data: many(101) });
    expect(refused).toMatchObject({ infcode: '-1', text: expect.stringContaining('单次最多上传100条') });
    expect(await own(caller)).toEqual([]);
    expect((await caller.call('3301', { data: many(100) })).infcode).toBe('0');
    expect(await own(caller)).toHaveLength(100);
  });

  it.each([
    ['a code that nobody lists', { med_list_codg: 'XNONE' }, '不存在'],
    ['a kind of list that is not the code’s', { list_type: '301' }, '不符'],
    ['days the wrong way round', { enddate: '2026-02-01' }, '早于'],
  ])('refuse %s, and the right row beside it with it', async (_what, wrong, words) => {
    const { caller } = await agencyWithGoods();
    const answer = await caller.call('3301', {
      data: [mapping, { ...mapping, fixmedins_hilist_id: 'G0002', ...wrong }],
    });
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining(words) });
    expect(await own(caller)).toEqual([]);
  });

  it('refuse the same own item twice in one upload', async () => {
    const { caller } = await agencyWithGoods();
    const answer = await caller.call('3301', { data: [mapping, other] });
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('重复') });
  });

  it('change a code only after the old one was revoked', async () => {
    const { caller } = await agencyWithGoods();
    await caller.call('3301', { data: [mapping] });
    expect(await caller.call('3301', { data: [other] })).toMatchObject({
      infcode: '-1',
      text: expect.stringContaining('请先撤销'),
    });
    expect((await caller.call('3301', { data: [mapping] })).infcode).toBe('0');
    expect((await caller.call('3302', { data: revocation })).infcode).toBe('0');
    expect(await own(caller)).toEqual([['P99010000001', 'G0001', 'XA99AAZ000E001010199001', '0']]);
    expect((await caller.call('3301', { data: [other] })).infcode).toBe('0');
    expect(await own(caller)).toEqual([['P99010000001', 'G0001', 'ZB99BAF0010101990020', '1']]);
  });

  it('refuse to revoke what is not mapped, mapped to another code, or another shop’s', async () => {
    const { caller } = await agencyWithGoods();
    const none = await caller.call('3302', { data: revocation });
    expect(none).toMatchObject({ infcode: '-1', text: expect.stringContaining('未找到') });
    await caller.call('3301', { data: [mapping] });
    const wrong = { ...revocation, med_list_codg: other.med_list_codg };
    expect((await caller.call('3302', { data: wrong })).infcode).toBe('-1');
    const foreign = { ...revocation, fixmedins_code: 'P99010000002' };
    expect((await caller.call('3302', { data: foreign })).text).toContain('报文头不符');
    expect(await own(caller)).toEqual([['P99010000001', 'G0001', 'XA99AAZ000E001010199001', '1']]);
  });

  it('refuse to map to a drug that was withdrawn', async () => {
    const { agency, caller } = await agencyWithGoods();
    agency.control.catalogue.withdraw(mapping.med_list_codg);
    const answer = await caller.call('3301', { data: [mapping] });
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('已失效') });
  });
});
