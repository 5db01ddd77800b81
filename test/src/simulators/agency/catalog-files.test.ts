import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { price } from '#core/money';
import { entryOf } from '#simulators/agency/catalogue/goods';
import { newFolder } from '../../../helpers/till-records.ts';
import { Caller, start, stop } from './caller.ts';
import { agencyWithGoods, download, fileOf, goods } from './catalogue-helpers.ts';

const VALID = 78;
const RECORD = 79;
const VERSION = 82;

describe('a catalogue file', () => {
  it('has one line for each row, in the 92 columns of 1301, without a header', async () => {
    const { caller } = await agencyWithGoods();
    const { count, rows, files } = await fileOf(caller, '1301');
    expect({ count, files }).toEqual({ count: '2', files: 1 });
    expect(rows.map((row) => row.length)).toEqual([92, 92]);
    const [a, b] = rows;
    expect([a?.[0], a?.[1], a?.[3], a?.[13], a?.[28], a?.[53], a?.[61], a?.[VALID], a?.[91]]).toEqual([
      'XA99AAZ000E001010199001',
      '示甲',
      '示例甲胶囊',
      '0.25g×24粒',
      '处方药',
      '示例制药有限公司',
      '国药准字H99990001',
      '1',
      '甲',
    ]);
    expect([b?.[3], b?.[28], b?.[68], b?.[91]]).toEqual(['示例乙丸', '非处方药', '限示例使用', '乙']);
    // Empty values come both ways that were seen.
    expect(a?.[4]).toBe('');
    expect(a?.[5]).toBe('null');
    const herbs = await fileOf(caller, '1302');
    expect(herbs.rows.map((row) => [row.length, row[0], row[1]])).toEqual([[28, 'T9900100001', '示例草']]);
  });

  it('holds only rows newer than the version asked with, and is no file when there are none', async () => {
    const { agency, caller } = await agencyWithGoods();
    const first = await fileOf(caller, '1301');
    const held =
      first.rows
        .map((row) => row[VERSION] ?? '')
        .sort()
        .at(-1) ?? '';
    expect(held.length).toBeLessThanOrEqual(20);
    expect(await fileOf(caller, '1301', held)).toEqual({ count: '0', rows: [], files: 0 });
    agency.control.catalogue.withdraw('XA99AAZ000E001010199001');
    const next = await fileOf(caller, '1301', held);
    expect(next.rows.map((row) => [row[0], row[VALID]])).toEqual([['XA99AAZ000E001010199001', '0']]);
    expect(next.rows[0]?.[RECORD]).toBe(first.rows[0]?.[RECORD]);
    expect((next.rows[0]?.[VERSION] ?? '') > held).toBe(true);
  });

  it('is handed out under the fixed name only, and only to who asked for it', async () => {
    const { caller } = await agencyWithGoods();
    const ticket = await caller.call('1301', { data: { ver: '0' } });
    expect(ticket.output).toMatchObject({ filename: expect.stringMatching(/^1301_\d{8}\.txt\.zip$/) });
    const number = String(ticket.output['file_qury_no']);
    expect(await download(caller, number, '1301.zip')).toMatchObject({
      infcode: '-1',
      text: expect.stringContaining('文件不存在'),
    });
    expect(await download(caller, 'fsi/plc/NONE')).toMatchObject({ infcode: '-1' });
  });

  it('is refused without a version and with one that is too long', async () => {
    const { caller } = await agencyWithGoods();
    for (const ver of ['', 'x'.repeat(21)]) {
      const answer = await caller.call('1301', { data: { ver } });
      expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('ver') });
    }
  });

  it('of diagnoses has them where the importer looks', async () => {
    const rows = [
      { table: '1307', recordId: 'D-1', valid: true, code: 'I99.x99', name: '示例病' },
      { table: '1309', recordId: 'C-1', valid: true, code: 'M99900', name: '示例慢病', region: '990100' },
    ] as const;
    const { caller } = await agencyWithGoods({ rows });
    const diagnoses = await fileOf(caller, '1307');
    expect(diagnoses.rows.map((row) => [row.length, row[10], row[11], row[18]])).toEqual([
      [24, 'I99.x99', '示例病', '1'],
    ]);
    const chronic = await fileOf(caller, '1309');
    expect(chronic.rows.map((row) => [row.length, row[0], row[3], row[5], row[14]])).toEqual([
      [16, 'M99900', '990100', '1', '示例慢病'],
    ]);
  });
});

describe('the next start of the agency', () => {
  it('keeps unchanged rows at their version, withdraws what is gone, and keeps what control did', async () => {
    const folder = newFolder();
    const clock = new ManualClock(Date.parse('2026-03-02T09:00:00+08:00'));
    const database = join(folder.path, 'agency.db');
    const first = await start({ goods, catalog: goods.map(entryOf), database, clock });
    const asked = async (agency: typeof first) => {
      const caller = new Caller(agency, clock);
      await caller.signIn();
      await clock.advance(1000);
      return (await fileOf(caller, '1301')).rows.map((row) => [row[0], row[VALID], row[VERSION]]);
    };
    const before = await asked(first);
    first.control.catalogue.setCeiling('ZB99BAF0010101990020', price('20'), '2026-03-01');
    await stop(first);
    const second = await start({ goods: goods.slice(1), catalog: goods.map(entryOf), database, clock });
    const after = await asked(second);
    expect(after.find(([code]) => code === 'ZB99BAF0010101990020')).toEqual(before[1]);
    expect(after.find(([code]) => code === 'XA99AAZ000E001010199001')?.[1]).toBe('0');
    expect(second.control.catalogue.counts()).toMatchObject({ '1301': 1, '1302': 1, '1318': 2 });
    await stop(second);
    folder.remove();
  });
});
