import { afterEach, describe, expect, test } from 'vitest';
import type { AgencyPort } from '#agency/port';
import type { AgencyTable } from '#core/domain/agency-catalog';
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

type Json = Readonly<Record<string, unknown>>;

const rows: Readonly<Record<string, Json>> = {
  '1312': {
    hilist_code: 'HL-1',
    hilist_name: '阿莫西林胶囊',
    insu_admdvs: '990100',
    begndate: '2025-01-01',
    enddate: null,
    med_chrgitm_type: '09',
    chrgitm_lv: '02',
    lmt_used_flag: '1',
    list_type: '101',
    memo: '限二级及以上医疗机构',
    vali_flag: '1',
    rid: 'R1312-1',
    updt_time: '2025-09-11',
  },
  '1316': {
    med_list_codg: 'XJ01CAA040E001010100001',
    hilist_code: 'HL-1',
    list_type: '101',
    insu_admdvs: '990100',
    begndate: '2025-01-01',
    enddate: '2025-12-31 00:00:00',
    vali_flag: '0',
    rid: 'R1316-1',
    updt_time: '2025-09-11 10:20:30',
  },
  '1317': {
    fixmedins_code: 'P99010699901',
    medins_list_codg: 'HIS000101',
    medins_list_name: '阿莫西林胶囊',
    insu_admdvs: '990106',
    list_type: '101',
    med_list_codg: 'XJ01CAA040E001010100001',
    begndate: '2025-09-11',
    enddate: '2099-12-31',
    vali_flag: '1',
    rid: 'R1317-1',
    updt_time: 1757520000000,
  },
  '1318': {
    hilist_code: 'HL-1',
    hilist_lmtpric_type: '101',
    overlmt_dspo_way: '1',
    insu_admdvs: '990100',
    begndate: '2025-01-01',
    hilist_pric_uplmt_amt: 'NUMBER:12.345678',
    vali_flag: '1',
    rid: 'R1318-1',
    updt_time: '2025-09-11',
  },
  '1319': {
    hilist_code: 'HL-1',
    selfpay_prop_psn_type: '1',
    selfpay_prop_type: '10',
    insu_admdvs: '990100',
    begndate: '2025-01-01',
    enddate: '',
    selfpay_prop: '0.1000',
    vali_flag: '2',
    rid: 'R1319-1',
    updt_time: '2025-09-11',
  },
};

const page = (data: readonly Json[] | null, more: Json = {}) => {
  const count = data?.length ?? 0;
  return {
    firstPage: true,
    lastPage: true,
    size: count,
    startRow: 1,
    endRow: count,
    pageNum: 1,
    pageSize: 100,
    recordCounts: count,
    pages: 1,
    data,
    ...more,
  };
};
/** A number is written with its own text, which JSON.stringify cannot do. */
const success = (output: unknown) =>
  JSON.stringify({ infcode: 0, output }).replace(/"NUMBER:([^"]+)"/g, '$1');
const first = { since: '2025-08-01', page: 1, size: 100 };

async function asked(table: AgencyTable, output: unknown, question = first) {
  const { client, peer } = await agencyThat(success(output));
  return { outcome: await client.catalogPage(table, question, context), peer };
}

describe('a page becomes lines in our own names', () => {
  test.each([
    [
      '1312',
      'catalogqueryservice/queryHilist',
      {
        version: '2025-09-11',
        code: 'HL-1',
        name: '阿莫西林胶囊',
        region: '990100',
        insuranceClass: 'B',
        limited: true,
        remark: '限二级及以上医疗机构',
      },
    ],
    [
      '1316',
      'catalogqueryservice/queryMedinsHilistMapByPage',
      {
        version: '2025-09-11',
        valid: false,
        to: '2025-12-31',
        nationalCode: 'XJ01CAA040E001010100001',
        code: 'HL-1',
        region: '990100',
      },
    ],
    [
      '1317',
      'catalogqueryservice/queryMedListMapByPage',
      {
        version: '2025-09-11',
        from: '2025-09-11',
        to: '2099-12-31',
        shopCode: 'HIS000101',
        nationalCode: 'XJ01CAA040E001010100001',
        listType: '101',
      },
    ],
    [
      '1318',
      'catalogqueryservice/queryLmtprcByPage',
      { version: '2025-09-11', code: 'HL-1', region: '990100', limitType: '101', ceiling: '12.345678' },
    ],
    [
      '1319',
      'catalogqueryservice/querySelfpayByPage',
      {
        version: '2025-09-11',
        valid: false,
        code: 'HL-1',
        region: '990100',
        personType: '1',
        ratioType: '10',
        ratio: '0.1',
      },
    ],
  ] as const)('%s', async (table, path, expected) => {
    const { outcome, peer } = await asked(table, page([rows[table] ?? {}]));
    if (outcome.kind !== 'success') throw new Error(JSON.stringify(outcome.fault));
    expect(outcome.value).toMatchObject({ page: 1, pages: 1, rows: 1 });
    const common = { table, recordId: `R${table}-1`, valid: true, from: '2025-01-01' };
    expect(outcome.value.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { ...common, ...expected },
    ]);
    expect(peer.heard[0]?.path).toBe(`/fsi/api/${path}`);
    const { input } = JSON.parse(peer.heard[0]?.body ?? '{}') as { input: unknown };
    expect(input).toEqual({
      data: {
        updt_time: '2025-08-01',
        page_num: 1,
        page_size: 100,
        ...(table === '1317' ? { fixmedins_code: 'P99010699901' } : {}),
      },
    });
  });

  test('everything is asked for with a day before all', async () => {
    const { peer } = await asked('1312', page([]), { ...first, since: '0' });
    expect(peer.heard[0]?.body).toContain('"updt_time":"1970-01-01"');
  });

  test.each([
    ['no rows', page([])],
    ['no rows and no list', page(null)],
    ['no rows and no pages, numbers as text', page([], { pages: '0', recordCounts: '0', pageNum: '0' })],
  ])('%s is an empty table', async (_what, output) => {
    const { outcome } = await asked('1312', output);
    expect(outcome).toMatchObject({ kind: 'success', value: { lines: [], pages: 0, rows: 0 } });
  });

  test('a page behind the last one tells the shorter table instead of failing', async () => {
    const { outcome } = await asked('1312', page([], { pageNum: 3, recordCounts: 150, pages: 2 }), {
      ...first,
      page: 3,
    });
    expect(outcome).toMatchObject({ kind: 'success', value: { lines: [], page: 3, pages: 2, rows: 150 } });
  });
});

describe('a hostile page is a coded fault and gives no rows', () => {
  const row = rows['1312'] ?? {};
  const many = (count: number) =>
    Array.from({ length: count }, (_n, index) => ({ ...row, rid: `R${index}` }));
  const { recordCounts: _count, ...withoutCount } = page([row]);

  test.each([
    ['another page than was asked for', page([row], { pageNum: 2, pages: 2, recordCounts: 101 })],
    ['10,000 rows at once', page(many(10_000), { pageSize: 10_000 })],
    ['one row more than asked for', page(many(101), { pages: 2 })],
    ['fewer rows than it says', page([row], { recordCounts: 2 })],
    ['more rows than it says', page(many(2), { recordCounts: 1 })],
    ['rows although there are none', page([row], { recordCounts: 0 })],
    ['more pages than its rows fill', page([row], { pages: 7 })],
    ['fewer pages than its rows fill', page(many(100), { recordCounts: 1000, pages: 2 })],
    ['pages without end', page(many(100), { recordCounts: 999_999_999, pages: 10_000_000 })],
    ['a page size of none', page([row], { pageSize: 0 })],
    ['a page size beyond what was asked', page([row], { pageSize: 5000 })],
    ['no number of rows', withoutCount],
    ['a number of rows that is a list', page([row], { recordCounts: [1] })],
    ['a negative page', page([row], { pageNum: -1 })],
    ['a list that is an object', page([row], { data: { 0: row } })],
    ['a row that is text', page([row], { data: ['row'] })],
    ['a row that is null', page([row], { data: [null] })],
    ['nothing', {}],
    ['text', 'rows'],
  ])('%s', async (_what, output) => {
    const { outcome } = await asked('1312', output);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      fault: { code: 'catalog-answer-garbled', retry: 'transient' },
    });
  });

  test.each([
    ['1312', { rid: '' }, 'rid'],
    ['1312', { vali_flag: '3' }, 'vali_flag'],
    ['1312', { chrgitm_lv: '04' }, 'chrgitm_lv'],
    ['1312', { hilist_code: null }, 'hilist_code'],
    ['1312', { begndate: '2025-02-30' }, 'begndate'],
    ['1312', { enddate: 'soon' }, 'enddate'],
    ['1312', { updt_time: '' }, 'updt_time'],
    ['1312', { hilist_name: { zh: 'x' } }, 'hilist_name'],
    ['1312', { lmt_used_flag: 'yes' }, 'lmt_used_flag'],
    ['1316', { med_list_codg: 'x'.repeat(51) }, 'med_list_codg'],
    ['1317', { fixmedins_code: 'P99010699902' }, 'fixmedins_code'],
    ['1318', { hilist_pric_uplmt_amt: '-1' }, 'hilist_pric_uplmt_amt'],
    ['1318', { hilist_pric_uplmt_amt: 'one' }, 'hilist_pric_uplmt_amt'],
    ['1318', { hilist_pric_uplmt_amt: '1.2345678' }, 'hilist_pric_uplmt_amt'],
    ['1319', { selfpay_prop: '1.01' }, 'selfpay_prop'],
    ['1319', { selfpay_prop: '-0.1' }, 'selfpay_prop'],
    ['1319', { selfpay_prop: null }, 'selfpay_prop'],
  ] as const)('%s with %j names row and field, not the value', async (table, wrong, field) => {
    const good = rows[table] ?? {};
    const { outcome } = await asked(table, page([good, { ...good, rid: 'R-2', ...wrong }]));
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'catalog-answer-garbled' } });
    if (outcome.kind !== 'unknown') return;
    expect(outcome.fault.detail).toMatch(new RegExp(`^output\\.data\\.1\\.${field}: `));
    expect(outcome.fault.detail).not.toContain('P99010699902');
  });

  test('silence is a missing answer, and a file table is not asked for in pages', async () => {
    const peer = await startPeer((socket) => socket.destroy());
    peers.push(peer);
    const client = clientFor(peer.url);
    expect(await client.catalogPage('1312', first, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'catalog-answer-missing' },
    });
    expect(await client.catalogPage('1301', first, context)).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-message-invalid' },
    });
  });
});
