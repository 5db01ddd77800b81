import { defineFaults } from './spec.ts';

/** Key store of the terminal. */
export const keyFaults = defineFaults({
  'key-store-locked': {
    retry: 'permanent',
    zh: '终端密钥打不开',
    en: 'The key store of the terminal does not open',
    nextZh: '请检查口令文件或密钥设备，不要删除密钥文件',
    nextEn: 'Check the secret file or the key device; never delete the key file',
  },
  'key-store-damaged': {
    retry: 'permanent',
    zh: '终端密钥文件被改动或已损坏',
    en: 'The key file of the terminal was changed or is damaged',
    nextZh: '请从备份恢复密钥文件，不要删除；没有备份时联系维护人员重新登记终端密钥',
    nextEn: 'Restore the key file from a backup, do not delete it; without one let support enrol a new key',
  },
  'key-revoked': {
    retry: 'permanent',
    zh: '终端密钥已吊销，不能再签名',
    en: 'This terminal key is revoked and signs no more',
    nextZh: '请生成新的终端密钥并向经办机构登记',
    nextEn: 'Make a new terminal key and enrol it with the agency',
  },
  'key-none': {
    retry: 'permanent',
    zh: '没有可用的终端密钥',
    en: 'There is no such terminal key, or none that may sign',
    nextZh: '请生成新的终端密钥并向经办机构登记',
    nextEn: 'Make a new terminal key and enrol it with the agency',
  },
});
