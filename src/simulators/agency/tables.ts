import { catalogueNodes } from './catalogue/input-nodes.ts';
import { codeLists as dict } from './code-lists.ts';
import { dateTime, day, decimal, type FieldTable, must, type NodeSpec, text } from './fields.ts';
import type { Infno } from './paths.ts';

/** Table 1.1 without `input`, which is checked by transaction. */
export const envelopeTable: FieldTable = {
  infno: text(6, must),
  msgid: text(30, must),
  mdtrtarea_admvs: text(6, { ...must, pattern: /^\d{6}$/ }),
  insuplc_admdvs: text(6, { pattern: /^\d{6}$/ }),
  recer_sys_code: text(10, { ...must, codes: dict.recer_sys_code }),
  dev_no: text(100),
  dev_safe_info: text(2000),
  cainfo: text(1024),
  signtype: text(10, { codes: dict.signtype }),
  infver: text(6, { ...must, codes: dict.infver }),
  opter_type: text(3, { ...must, codes: dict.opter_type }),
  opter: text(30, must),
  opter_name: text(50, must),
  inf_time: dateTime(must),
  fixmedins_code: text(12, { ...must, pattern: /^[HP]\d{11}$/ }),
  fixmedins_name: text(200, must),
  sign_no: text(30),
  enc_type: text(10),
};

const hexPattern = (bytes: number): RegExp => new RegExp(`^[0-9A-Fa-f]{${bytes * 2}}$`);

/** Table 4.2.1; `invono` belongs to 2102 only. */
const trialInfo: FieldTable = {
  psn_no: text(30, must),
  mdtrt_cert_type: text(3, { ...must, codes: dict.mdtrt_cert_type }),
  mdtrt_cert_no: text(50, must),
  begntime: dateTime(must),
  medfee_sumamt: decimal(16, 2, must),
  insutype: text(6, { ...must, codes: dict.insutype }),
  dise_codg: text(30),
  dise_name: text(500),
  acct_used_flag: text(1, { ...must, codes: dict.acct_used_flag }),
  med_type: text(6, { ...must, codes: dict.med_type }),
  exp_content: text(4000),
};

/** Table 4.2.2. */
const drugDetail: FieldTable = {
  feedetl_sn: text(30, must),
  rxno: text(30),
  rx_circ_flag: text(3, { ...must, codes: dict.rx_circ_flag }),
  fee_ocur_time: dateTime(must),
  med_list_codg: text(50, must),
  medins_list_codg: text(150, must),
  det_item_fee_sumamt: decimal(16, 2, must),
  cnt: decimal(16, 4, must),
  pric: decimal(16, 6, must),
  sin_dos_dscr: text(200),
  used_frqu_dscr: text(200),
  prd_days: decimal(4, 2),
  medc_way_dscr: text(200),
  bilg_dr_codg: text(30),
  bilg_dr_name: text(50),
  tcmdrug_used_way: text(6, { codes: dict.tcmdrug_used_way }),
};

const cardFields: FieldTable = {
  aab301: text(6, { ...must, pattern: /^\d{6}$/ }),
  aaz501: text(32, { ...must, pattern: hexPattern(16) }),
};

/** Nodes of `input` by transaction: tables 2.1, 2.3, 3.1.1, 3.3, 3.4, 3.5, 7.1, 7.2, 4.2, 4.4, 4.6, 6.3, 9.2; card reference 4.6. */
export const inputNodes: Readonly<Record<Infno, readonly NodeSpec[]>> = {
  '9001': [{ name: 'signIn', table: { opter_no: text(20, must), mac: text(20), ip: text(20, must) } }],
  '9002': [{ name: 'signOut', table: { sign_no: text(20, must), opter_no: text(20) } }],
  '1101': [
    {
      name: 'data',
      table: {
        mdtrt_cert_type: text(3, { ...must, codes: dict.mdtrt_cert_type }),
        mdtrt_cert_no: text(50, must),
        card_sn: text(32),
        begntime: dateTime(),
        psn_cert_type: text(6, { codes: dict.psn_cert_type }),
        certno: text(50),
        psn_name: text(50),
      },
    },
  ],
  '1162': [
    {
      name: 'data',
      table: {
        orgId: text(40, must),
        businessType: text(5, { ...must, codes: dict.businessType }),
        operatorId: text(20, must),
        operatorName: text(30, must),
        officeId: text(20, must),
        officeName: text(30, must),
        deviceType: text(30),
        ecQrCode: text(512, must),
      },
    },
  ],
  '1903': [
    {
      name: 'data',
      table: {
        ...cardFields,
        aaz507: text(26, { ...must, pattern: hexPattern(13) }),
        aaa254: text(2, { ...must, codes: dict.card_algorithm }),
        aaa311: text(16, { ...must, pattern: hexPattern(8) }),
        aaa312: text(16, { ...must, pattern: hexPattern(8) }),
        aaa313: text(16, { ...must, pattern: hexPattern(8) }),
        aaa314: text(16, { ...must, pattern: hexPattern(8) }),
      },
    },
  ],
  '1904': [{ name: 'data', table: { ...cardFields, aaz500: text(50, must) } }],
  '2101': [
    { name: 'druginfo', table: trialInfo },
    { name: 'drugdetail', table: drugDetail, list: true },
  ],
  '2102': [
    { name: 'druginfo', table: { ...trialInfo, invono: text(20) } },
    { name: 'drugdetail', table: drugDetail, list: true },
  ],
  '2103': [
    {
      name: 'data',
      table: {
        setl_id: text(30, must),
        mdtrt_id: text(30, must),
        psn_no: text(30, must),
        exp_content: text(4000),
      },
    },
  ],
  '2601': [
    {
      name: 'data',
      table: {
        psn_no: text(30, must),
        omsgid: text(30, must),
        oinfno: text(5, { ...must, codes: dict.oinfno }),
      },
    },
  ],
  '3202': [
    {
      name: 'data',
      table: {
        setl_optins: text(6, must),
        file_qury_no: text(50, must),
        stmt_begndate: day(must),
        stmt_enddate: day(must),
        medfee_sumamt: decimal(16, 2, must),
        fund_pay_sumamt: decimal(16, 2, must),
        cash_payamt: decimal(16, 2, must),
        fixmedins_setl_cnt: decimal(10, 0, must),
        clr_type: text(6, { ...must, codes: dict.clr_type }),
        refd_setl_flag: text(3, { ...must, mayBeEmpty: true, codes: dict.refd_setl_flag }),
      },
    },
  ],
  '5301': [{ name: 'data', table: { psn_no: text(30, must) } }],
  '9101': [
    {
      name: 'fsUploadIn',
      table: {
        in: text(20_000_000, must),
        filename: text(200, must),
        fixmedins_code: text(30, must),
      },
    },
  ],
  '9102': [
    {
      name: 'fsDownloadIn',
      table: {
        file_qury_no: text(50, must),
        filename: text(200, must),
        fixmedins_code: text(30, must),
      },
    },
  ],
  ...catalogueNodes,
  G001: [
    {
      name: 'data',
      table: {
        key_oper: text(1, { ...must, codes: dict.key_oper }),
        key_id: text(16, { ...must, pattern: hexPattern(8) }),
        pub_key: text(130, { ...must, pattern: /^04[0-9A-Fa-f]{128}$/ }),
        old_key_id: text(16, { pattern: hexPattern(8) }),
        old_key_sign: text(128, { pattern: hexPattern(64) }),
        enrl_code: text(32),
      },
    },
  ],
  G002: [{ name: 'data', table: { ver: text(32, { ...must, mayBeEmpty: true }) } }],
};
