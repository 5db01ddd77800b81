import { codeLists as dict } from '../code-lists.ts';
import { day, decimal, type FieldTable, must, type NodeSpec, text } from '../fields.ts';

const flag = text(3, { codes: dict.yes_no_flag });
const state = text(3, { codes: dict.vali_flag });
const listType = text(30, { codes: dict.list_type });

const version: readonly NodeSpec[] = [{ name: 'data', table: { ver: text(20, must) } }];

const page: FieldTable = {
  query_date: day(),
  insu_admdvs: text(6, { pattern: /^\d{6}$/ }),
  begndate: day(),
  vali_flag: state,
  updt_time: day(must),
  page_num: decimal(4, 0, must),
  page_size: decimal(4, 0, must),
};

const data = (table: FieldTable): readonly NodeSpec[] => [{ name: 'data', table }];

/** Input of the catalogue downloads, queries and mappings: tables 3.3.1, 3.4, 7.1 and 7.2. */
export const catalogueNodes = {
  '1301': version,
  '1302': version,
  '1303': version,
  '1305': version,
  '1306': version,
  '1307': version,
  '1309': version,
  '1312': data({
    ...page,
    hilist_code: text(30),
    hilist_name: text(200),
    wubi: text(30),
    pinyin: text(30),
    med_chrgitm_type: text(6),
    chrgitm_lv: text(3, { codes: dict.chrgitm_lv }),
    lmt_used_flag: flag,
    list_type: listType,
    med_use_flag: flag,
    matn_used_flag: flag,
    hilist_use_type: text(3),
    lmt_cpnd_type: text(3),
  }),
  '1316': data({ ...page, medins_list_codg: text(30), hilist_code: text(30), list_type: listType }),
  '1317': data({
    ...page,
    fixmedins_code: text(30),
    medins_list_codg: text(30),
    medins_list_name: text(200),
    list_type: listType,
    med_list_codg: text(30),
  }),
  '1318': data({
    ...page,
    hilist_code: text(30),
    hilist_lmtpric_type: text(6),
    overlmt_dspo_way: text(6),
    enddate: day(),
    rid: text(40),
    tabname: text(100),
    poolarea_no: text(6),
  }),
  '1319': data({
    ...page,
    hilist_code: text(30),
    selfpay_prop_psn_type: text(6),
    selfpay_prop_type: text(6, { codes: dict.selfpay_prop_type }),
    enddate: day(),
    rid: text(40),
    tabname: text(100),
    poolarea_no: text(6),
  }),
  '3301': [
    {
      name: 'data',
      list: true,
      table: {
        fixmedins_hilist_id: text(30, must),
        fixmedins_hilist_name: text(200, must),
        list_type: text(30, { ...must, codes: dict.list_type }),
        med_list_codg: text(30, must),
        begndate: day(must),
        enddate: day(must),
        aprvno: text(30),
        dosform: text(200),
        exct_cont: text(2000),
        item_cont: text(2000),
        prcunt: text(100),
        spec: text(200),
        pacspec: text(100),
        memo: text(500),
      },
    },
  ],
  '3302': data({
    fixmedins_code: text(30, must),
    fixmedins_hilist_id: text(30, must),
    list_type: text(30, { ...must, codes: dict.list_type }),
    med_list_codg: text(30, must),
  }),
} as const satisfies Readonly<Record<string, readonly NodeSpec[]>>;
