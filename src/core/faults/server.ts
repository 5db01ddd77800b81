import { defineFaults } from './spec.ts';

/** Local API, command line and configuration. */
export const serverFaults = defineFaults({
  'request-invalid': {
    retry: 'permanent',
    zh: '请求内容不正确',
    en: 'The request is not valid',
    nextZh: '请按接口文档检查字段',
    nextEn: 'Check the fields against the API document',
  },
  'config-invalid': {
    retry: 'permanent',
    zh: '配置文件有错误',
    en: 'The configuration is not valid',
    nextZh: '请按提示的键修改 guitai.toml',
    nextEn: 'Correct the named key in guitai.toml',
  },
});
