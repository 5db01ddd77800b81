import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { price, ratio } from '#core/money';
import type { Goods } from '#simulators/agency/catalogue/goods';
import { insuredHolder } from '#simulators/agency/training-persons';
import { numberText, wireNumber } from '#simulators/agency/wire';
import { type Caller, fenOf, rows, totalOf } from './caller.ts';
import { agencyWithGoods } from './catalogue-helpers.ts';

type Paged = '1312' | '1316' | '1317' | '1318' | '1319';
const number = (value: number) => wireNumber(BigInt(value), 0);

function ask(caller: Caller, table: Paged, more: Record<string, unknown> = {}, page = 1, size = 100) {
  return caller.call(table, {
    data: { updt_time: '1970-01-01', page_num: number(page), page_size: number(size), ...more },
  });
}

describe('paged tables', () => {
  it('say class, mapping, ceiling and share of the same goods that settlement goes by', async () => {
    const { caller } = await agencyWithGoods();
    const [list] = rows(
      (await ask(caller, '1312', { hilist_code: 'HLZB99BAF0010101990020' })).output,
      'data',
    );
    expect(list).toMatchObject({ chrgitm_lv: '02', lmt_used_flag: '1', memo: '限示例使用', vali_flag: '1' });
    const mapped = rows((await ask(caller, '1316')).output, 'data');
    expect(mapped.map((row) => [row['med_list_codg'], row['hilist_code']])).toContainEqual([
      'ZB99BAF0010101990020',
      'HLZB99BAF0010101990020',
    ]);
    const [limit] = rows((await ask(caller, '1318')).output, 'data');
    expect(numberText(limit?.['hilist_pric_uplmt_amt'])).toBe('30.000000');
    const [share] = rows((await ask(caller, '1319')).output, 'data');
    expect(numberText(share?.['selfpay_prop'])).toBe('0.1000');
    expect(share).toMatchObject({ selfpay_prop_type: '10', hilist_code: 'HLZB99BAF0010101990020' });
  });

  it('come in pages whose numbers add up', async () => {
    const many: Goods[] = Array.from({ length: 250 }, (_none, index) => ({
      table: '1301',
      nationalCode: `XA99AAZ000E0010101${String(index).padStart(5, '0')}`,
      name: `示例${index}`,
      insuranceClass: 'A',
      firstSelfPayRatio: ratio('0'),
    }));
    const { caller } = await agencyWithGoods({ goods: many });
    const codes = new Set<unknown>();
    for (const [page, shown] of [
      [1, 100],
      [2, 100],
      [3, 50],
    ] as const) {
      const { output } = await ask(caller, '1312', {}, page);
      const counts = ['recordCounts', 'pages', 'pageNum', 'pageSize', 'size'].map((name) =>
        numberText(output[name]),
      );
      expect(counts).toEqual(['250', '3', String(page), '100', String(shown)]);
      expect([output['firstPage'], output['lastPage']]).toEqual([page === 1, page === 3]);
      for (const row of rows(output, 'data')) codes.add(row['rid']);
    }
    expect(codes.size).toBe(250);
  });

  it('are refused beyond 100 rows a page, before page 1 and without a day', async () => {
    const { caller } = await agencyWithGoods();
    for (const answer of [
      await ask(caller, '1312', {}, 1, 101),
      await ask(caller, '1312', {}, 1, 0),
      await ask(caller, '1312', {}, 0),
      await ask(caller, '1312', { updt_time: '' }),
    ])
      expect(answer.infcode).toBe('-1');
  });

  it('give only what changed after the day', async () => {
    const clock = new ManualClock(Date.parse('2026-03-02T09:00:00+08:00'));
    const { agency, caller } = await agencyWithGoods({ clock });
    const changed = async (updt_time: string) =>
      rows((await ask(caller, '1318', { updt_time })).output, 'data').length;
    expect(await changed('2026-03-01')).toBe(1);
    expect(await changed('2026-03-02')).toBe(0);
    await clock.advance(24 * 3_600_000);
    agency.control.catalogue.setCeiling('ZB99BAF0010101990020', price('20'), '2026-03-10');
    expect(await changed('2026-03-02')).toBe(2);
  });
});

describe('control', () => {
  it('sets a ceiling from a day on: the table has both, and settlement changes on that day', async () => {
    const clock = new ManualClock(Date.parse('2026-03-02T09:00:00+08:00'));
    const { agency, caller } = await agencyWithGoods({ clock });
    agency.control.catalogue.setCeiling('ZB99BAF0010101990020', price('20'), '2026-03-10');
    const limits = rows((await ask(caller, '1318')).output, 'data').map((row) => [
      row['begndate'],
      row['enddate'],
      numberText(row['hilist_pric_uplmt_amt']),
    ]);
    expect(limits).toEqual([
      ['2025-01-01', '2026-03-09', '30.000000'],
      ['2026-03-10', null, '20.000000'],
    ]);
    expect(await overCeiling(caller)).toBe(10_00n);
    await clock.advance(8 * 24 * 3_600_000);
    await caller.signIn();
    expect(await overCeiling(caller)).toBe(20_00n);
  });

  it('withdraws a drug: settlement treats it as not listed, its rows are no longer in force', async () => {
    const { agency, caller } = await agencyWithGoods();
    expect(agency.control.catalogue.withdraw('ZB99BAF0010101990020')).toBe(true);
    const mapped = rows((await ask(caller, '1316', { vali_flag: '0' })).output, 'data');
    expect(mapped.map((row) => row['med_list_codg'])).toEqual(['ZB99BAF0010101990020']);
    expect(await outOfScope(caller)).toBe(40_00n);
    expect(agency.control.catalogue.withdraw('ZB99BAF0010101990020')).toBe(false);
  });

  it('does the same over its address, and refuses what is no such change', async () => {
    const { agency, caller } = await agencyWithGoods();
    const post = (body: unknown) =>
      fetch(`${agency.controlUrl}/catalogue`, { method: 'POST', body: JSON.stringify(body) });
    const listed = { nationalCode: 'XNEW', name: '示例新药', insuranceClass: 'B', firstSelfPayRatio: '0.05' };
    const answer = await post({
      list: [{ ...listed, ceiling: '12.30' }],
      withdraw: ['T9900100001'],
      ceilings: [{ nationalCode: 'ZB99BAF0010101990020', ceiling: null, from: '2025-06-01' }],
    });
    expect(await answer.json()).toMatchObject({ '1301': 3, '1318': 2, '1319': 2 });
    expect((await post({ list: [{ ...listed, firstSelfPayRatio: '2' }] })).status).toBe(400);
    const looked = await fetch(`${agency.controlUrl}/catalogue`);
    expect(await looked.json()).toMatchObject({ '1301': 3 });
    expect(await overCeiling(caller)).toBe(0n);
  });
});

const line = { code: 'ZB99BAF0010101990020', count: 10_000n, price: 40_000_000n };

async function tried(caller: Caller) {
  const answer = await caller.call('2101', caller.basket(insuredHolder('A'), [line]));
  if (answer.infcode !== '0') throw new Error(answer.text);
  const info = answer.output['setlinfo'] as Record<string, unknown>;
  expect(fenOf(info, 'medfee_sumamt')).toBe(totalOf([line]));
  return info;
}
const overCeiling = async (caller: Caller) => fenOf(await tried(caller), 'overlmt_selfpay');
const outOfScope = async (caller: Caller) => fenOf(await tried(caller), 'fulamt_ownpay_amt');
