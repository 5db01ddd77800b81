/** The code lists (字典) that the simulated agency holds its callers to; section 10 of the interface facts. */
const codes = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const codeLists = {
  insutype: codes('310 320 330 340 350 360 370 380 390 391 392 399 410 510'),
  med_type: codes(
    `11 12 13 14 15 16 19 21 22 23 24 25 26 27 28 29 41 51 52 53 61 81 2114 3101 3102 5212 9107 9901 9902
     9903 9904 9906 9907 9921 9925 140104 140201 990404`,
  ),
  mdtrt_cert_type: codes('01 02 03'),
  psn_cert_type: codes('01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 90 91 99'),
  acct_used_flag: codes('0 1'),
  rx_circ_flag: codes('0 1'),
  tcmdrug_used_way: codes('1 2'),
  clr_type: codes('11 21 41 99'),
  refd_setl_flag: codes('0 1'),
  opter_type: codes('1 2 3'),
  recer_sys_code: codes('YBXT LXXT GSXT MBS_LOCAL FSI_LOCAL MBS'),
  signtype: codes('SM2 SM3'),
  infver: codes('V1.0 1.0'),
  /** Section 4.6: the transactions that a 2601 may undo. */
  oinfno: codes('2102 2103 2207 2208 2304 2305 2401'),
  /** Purposes of decoding an electronic certificate (用码业务类型), section 10. */
  businessType: codes(
    `01101 01102 01103 01104 01201 01202 01203 01204 01301 01302 01303 01304 01305 02121 02122 03131 03132`,
  ),
  /** What a catalogue row is of (目录类别). */
  list_type: codes('101 102 103 104 105 106 201 301 501'),
  chrgitm_lv: codes('01 02 03'),
  selfpay_prop_type: codes('10 20 30'),
  vali_flag: codes('0 1 2'),
  yes_no_flag: codes('0 1'),
  /** G001: 1 enrol, 2 replace, 3 revoke. */
  key_oper: codes('1 2 3'),
  /** Card reference 4.2: 01 3DES, 02 SSF33, 03 SM4. */
  card_algorithm: codes('01 02 03'),
} as const;
