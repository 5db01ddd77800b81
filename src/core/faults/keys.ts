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
});
