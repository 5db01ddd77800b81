import { unzipSync } from 'fflate';
import { price, ratio } from '#core/money';
import { entryOf, type Goods } from '#simulators/agency/catalogue/goods';
import { numberText } from '#simulators/agency/wire';
import { type Answer, Caller, start } from './caller.ts';

/** Three invented goods: a class A drug, a class B drug with a ceiling, an herbal piece of class C. */
export const goods: readonly Goods[] = [
  {
    table: '1301',
    nationalCode: 'XA99AAZ000E001010199001',
    name: '示例甲胶囊',
    tradeName: '示甲',
    form: '胶囊剂',
    specification: '0.25g×24粒',
    maker: '示例制药有限公司',
    approvalNumber: '国药准字H99990001',
    packUnit: '盒',
    prescriptionOnly: true,
    insuranceClass: 'A',
    firstSelfPayRatio: ratio('0'),
  },
  {
    table: '1301',
    nationalCode: 'ZB99BAF0010101990020',
    name: '示例乙丸',
    form: '丸剂',
    prescriptionOnly: false,
    remark: '限示例使用',
    insuranceClass: 'B',
    firstSelfPayRatio: ratio('0.1'),
    ceiling: price('30'),
  },
  {
    table: '1302',
    nationalCode: 'T9900100001',
    name: '示例草',
    insuranceClass: 'C',
    firstSelfPayRatio: ratio('1'),
  },
];

export async function agencyWithGoods(options: Parameters<typeof start>[0] = {}) {
  const agency = await start({ goods, catalog: [...(options.goods ?? goods)].map(entryOf), ...options });
  const caller = new Caller(agency, ...(options.clock === undefined ? [] : [options.clock]));
  await caller.signIn();
  return { agency, caller };
}

/** Lines of a catalogue file as columns; empty when the agency says that there is none. */
export async function fileOf(caller: Caller, table: '1301' | '1302' | '1307' | '1309', ver = '0') {
  const ticket = await caller.call(table, { data: { ver } });
  if (ticket.infcode !== '0') throw new Error(ticket.text);
  const { file_qury_no: number, data_cnt: count } = ticket.output;
  const fetched = typeof number === 'string' ? await download(caller, number) : undefined;
  const texts =
    fetched === undefined ? [] : Object.values(unzipSync(fetched.bytes)).map((bytes) => Buffer.from(bytes));
  const lines = texts.flatMap((text) => text.toString('utf8').split('\n').slice(0, -1));
  return { count: numberText(count), rows: lines.map((line) => line.split('\t')), files: texts.length };
}

export function download(caller: Caller, number: string, filename = 'plc'): Promise<Answer> {
  const file = { file_qury_no: number, filename, fixmedins_code: 'P99010000001' };
  return caller.call('9102', { fsDownloadIn: file });
}
