import { defineFaults } from './spec.ts';

export const storeFaults = defineFaults({
  'store-newer-schema': {
    retry: 'permanent',
    zh: '数据文件由更新的版本写成，本版本不能打开',
    en: 'The data file was written by a newer program',
    nextZh: '请安装新版本，不要删除数据',
    nextEn: 'Install the newer program; do not delete the data',
  },
  'store-damaged': {
    retry: 'permanent',
    zh: '数据文件已损坏',
    en: 'The data file is damaged',
    nextZh: '请不要继续营业，用 guitai restore 从备份恢复，或联系维护人员',
    nextEn: 'Stop selling; restore a backup with guitai restore, or call support',
  },
  'store-locked': {
    retry: 'permanent',
    zh: '另一个柜台程序正在使用这个数据目录',
    en: 'Another till is using this data folder',
    nextZh: '请关闭另一个程序，或换一个数据目录',
    nextEn: 'Close the other one or choose another data folder',
  },
  'store-disk-full': {
    retry: 'transient',
    zh: '磁盘已满',
    en: 'The disk is full',
    nextZh: '请清理磁盘；未完成的销售已停止，没有扣款',
    nextEn: 'Free some space; the sale was stopped before any charge',
  },
  'store-write-failed': {
    retry: 'permanent',
    zh: '写入数据文件失败',
    en: 'The data file cannot be written',
    nextZh: '请检查磁盘和目录权限；本次操作没有保存，请不要继续营业',
    nextEn: 'Check the disk and the folder rights; this step was not saved, stop selling',
  },
  'store-key-wrong': {
    retry: 'permanent',
    zh: '数据是用另一把密钥加密的，现在的密钥打不开',
    en: 'The records are sealed with another key than the one at hand',
    nextZh: '请把原来的密钥文件或密钥设备放回来；不要删除数据目录',
    nextEn: 'Put the original key file or key device back; never delete the data folder',
  },
  'record-seal-broken': {
    retry: 'permanent',
    zh: '加密保存的记录被改动，或密钥不符，不能打开',
    en: 'A sealed record was changed, or belongs to another key: it does not open',
    nextZh: '请不要删除数据和密钥文件；从备份一起恢复数据和密钥，或联系维护人员',
    nextEn: 'Keep the data and the key file; restore both from the same backup, or call support',
  },
  'reconcile-no-keys': {
    retry: 'permanent',
    zh: '还不知道清算机构和清算类别，无法对明细账',
    en: 'No clearing office and type is known yet, so the detail cannot be compared',
    nextZh: '完成一笔医保结算后再对账，或在配置中填写',
    nextEn: 'Compare again after one insured sale, or set the keys in the configuration',
  },
  'reconcile-not-signed-in': {
    retry: 'transient',
    zh: '尚未签到，不能对账',
    en: 'Not signed in, so the detail cannot be compared',
    nextZh: '请先签到',
    nextEn: 'Sign in first',
  },
  'reconcile-difference': {
    retry: 'permanent',
    zh: '与医保中心明细不一致',
    en: "The agency's detail differs from the till's records",
    nextZh: '请按差异清单逐笔核对',
    nextEn: 'Check the listed differences one by one',
  },
});
