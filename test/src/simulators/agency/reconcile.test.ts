import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { insuredHolder } from '#simulators/agency/training-persons';
import { scaledText, wireNumber } from '#simulators/agency/wire';
import { type Answer, Caller, fenOf, node, oneBox, start } from './caller.ts';

const cardA = insuredHolder('A');
const cardC = insuredHolder('C');

interface Row {
  readonly ids: readonly [settlement: string, visit: string, person: string];
  readonly total: bigint;
  readonly fund: bigint;
  readonly account: bigint;
  readonly refund: '0' | '1';
}

function rowOf(person: string, answer: Answer, refund: '0' | '1' = '0'): Row {
  const info = node(answer.output, 'setlinfo');
  return {
    ids: [String(info['setl_id']), String(info['mdtrt_id']), person],
    total: fenOf(info, 'medfee_sumamt'),
    fund: fenOf(info, 'fund_pay_sumamt'),
    account: fenOf(info, 'acct_pay'),
    refund,
  };
}

async function shop(options = {}) {
  const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
  const agency = await start({ clock, ...options });
  const caller = new Caller(agency, clock);
  await caller.signIn();
  const upload = async (bytes: Uint8Array) => {
    const answer = await caller.call('9101', {
      fsUploadIn: {
        in: Buffer.from(bytes).toString('base64'),
        filename: '3202.zip',
        fixmedins_code: 'P99010000001',
      },
    });
    return String(answer.output['file_qury_no']);
  };
  const compare = async (rows: readonly Row[], change: Record<string, unknown> = {}) => {
    const text = rows.map(
      (row) =>
        `${[...row.ids, ...[row.total, row.fund, row.account].map((each) => scaledText(each, 2)), row.refund].join('\t')}\n`,
    );
    const sum = (pick: (row: Row) => bigint) =>
      wireNumber(
        rows.reduce((all, row) => all + pick(row), 0n),
        2,
      );
    return caller.call('3202', {
      data: {
        setl_optins: '990100',
        file_qury_no: await upload(zipSync({ '3202.txt': strToU8(text.join('')) })),
        stmt_begndate: '2025-09-12',
        stmt_enddate: '2025-09-12',
        medfee_sumamt: sum((row) => row.total),
        fund_pay_sumamt: sum((row) => row.fund),
        cash_payamt: sum((row) => row.total - row.fund - row.account),
        fixmedins_setl_cnt: wireNumber(BigInt(rows.length), 0),
        clr_type: '41',
        refd_setl_flag: '',
        ...change,
      },
    });
  };
  const result = async (answer: Answer) => {
    const info = node(answer.output, 'fileinfo');
    const file = await caller.call('9102', {
      fsDownloadIn: {
        file_qury_no: info['file_qury_no'],
        filename: info['filename'],
        fixmedins_code: 'P99010000001',
      },
    });
    const text = strFromU8(unzipSync(file.bytes)['result.txt']!);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  };
  return { agency, caller, clock, compare, result, upload };
}

describe('3202', () => {
  it('finds nothing when the shop and the agency agree, refunds included', async () => {
    const { caller, compare, result } = await shop();
    const first = await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    const second = await caller.post('2102', caller.settlement(cardC, oneBox, 'S2'));
    const cancelled = await caller.cancellation(cardC, second);
    const answer = await compare([
      rowOf(cardA.personNumber, first),
      rowOf(cardC.personNumber, second),
      rowOf(cardC.personNumber, cancelled, '1'),
    ]);
    expect(answer.infcode).toBe('0');
    expect(await result(answer)).toEqual([]);
  });

  it('lists all records where the region does', async () => {
    const { caller, compare, result } = await shop({ behaviour: { resultRows: 'all' } });
    const settled = await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    const [line] = await result(await compare([rowOf(cardA.personNumber, settled)]));
    expect(line?.[4]).toBe('000000');
  });

  it('shows a settlement that was booked after its reversal, with the message id and the amounts', async () => {
    const { agency, caller, compare, result } = await shop();
    await agency.control.setFault({ kind: 'late-after-reversal' });
    const message = caller.settlement(cardA, oneBox, 'S1');
    await expect(caller.post('2102', message)).rejects.toThrow();
    await caller.reversal(cardA, String(message['msgid']));
    const [booked] = agency.control.settlements();
    expect(await result(await compare([]))).toEqual([
      [
        cardA.personNumber,
        booked!.visitId,
        booked!.settlementId,
        message['msgid'],
        '000101',
        '0',
        '医保中心多',
        '25.00',
        '0.00',
        '25.00',
      ],
    ]);
  });

  it('leaves reversed settlements out, and names what only the shop has and what differs', async () => {
    const { caller, compare, result } = await shop();
    const gone = caller.settlement(cardA, oneBox, 'S1');
    const goneAnswer = await caller.post('2102', gone);
    await caller.reversal(cardA, String(gone['msgid']));
    const kept = await caller.post('2102', caller.settlement(cardC, oneBox, 'S2'));
    const wrong = { ...rowOf(cardC.personNumber, kept), account: 24_00n };
    const lines = await result(await compare([rowOf(cardA.personNumber, goneAnswer), wrong]));
    expect(lines.map((line) => [line[0], line[4]])).toEqual([
      [cardC.personNumber, '000103'],
      [cardA.personNumber, '000102'],
    ]);
  });

  it('counts by day, clearing office and refund flag', async () => {
    const { caller, clock, compare, result } = await shop();
    await caller.post('2102', caller.settlement(cardA, oneBox, 'S1'));
    expect(await result(await compare([], { setl_optins: '990200' }))).toEqual([]);
    expect(await result(await compare([], { refd_setl_flag: '1' }))).toEqual([]);
    expect(await result(await compare([], { refd_setl_flag: '0' }))).toHaveLength(1);
    await clock.advance(24 * 60 * 60 * 1000);
    const next = { stmt_begndate: '2025-09-13', stmt_enddate: '2025-09-13' };
    expect(await result(await compare([], next))).toEqual([]);
    expect(await result(await compare([], { stmt_enddate: '2025-09-13' }))).toHaveLength(1);
  });

  it.each([
    ['medfee_sumamt', 1n, 2],
    ['fund_pay_sumamt', 1n, 2],
    ['cash_payamt', 1n, 2],
    ['fixmedins_setl_cnt', 1n, 0],
  ])('refuses a %s that is not that of the file', async (field, value, places) => {
    const { compare } = await shop();
    const answer = await compare([], { [field]: wireNumber(value, places) });
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining(field) });
  });

  it('refuses unknown files, files that are no zip and rows that cannot be read', async () => {
    const { agency, compare, upload } = await shop();
    expect((await compare([], { file_qury_no: 'fsi/plc/NONE' })).infcode).toBe('-1');
    expect((await compare([], { file_qury_no: await upload(strToU8('no zip')) })).text).toContain('zip');
    const short = zipSync({ 'a.txt': strToU8('1\t2\t3\n') });
    expect((await compare([], { file_qury_no: await upload(short) })).text).toContain('行格式');
    const backwards = await compare([], { stmt_enddate: '2025-09-11' });
    expect(backwards.text).toContain('stmt_enddate');
    expect(agency.control.violations().length).toBe(4);
  });
});

it('9102 answers an error as JSON when there is no such file', async () => {
  const { caller } = await shop();
  const answer = await caller.call('9102', {
    fsDownloadIn: { file_qury_no: 'fsi/plc/NONE', filename: 'x', fixmedins_code: 'P99010000001' },
  });
  expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining('文件不存在') });
});
