import { defineFaults } from './spec.ts';

/** Operators, their rights, and the back office. */
export const officeFaults = defineFaults({
  'right-missing': {
    retry: 'permanent',
    zh: '当前操作员没有这项权限',
    en: 'This operator does not have the right to do that',
    nextZh: '请由有权限的操作员登录后办理',
    nextEn: 'Let an operator with the right sign in and do it',
  },
  'operator-exists': {
    retry: 'permanent',
    zh: '操作员编号已被使用',
    en: 'There is an operator of this number already',
    nextZh: '请换一个编号；停用的编号也不能再用',
    nextEn: 'Take another number; one of a disabled operator is not used again',
  },
  'operator-last-manager': {
    retry: 'permanent',
    zh: '这是最后一名可以登录的店长，不能停用或改为其他角色',
    en: 'This is the last manager who can sign in: neither disabled nor given another role',
    nextZh: '请先添加或启用另一名店长',
    nextEn: 'First add or enable another manager',
  },
  'password-weak': {
    retry: 'permanent',
    zh: '密码太简单',
    en: 'The password is too simple',
    nextZh: '密码至少 6 个字符，快捷密码 4 到 8 位数字；不能全部相同、连续，也不能与编号相同',
    nextEn: 'At least 6 characters, a quick PIN 4 to 8 digits; not all the same, not a run, not the number',
  },
  'setup-over': {
    retry: 'permanent',
    zh: '已经有操作员，首次设置已结束',
    en: 'There are operators already: the set-up is over',
    nextZh: '请登录；新的操作员由店长和另一人在后台添加',
    nextEn: 'Sign in; a manager and a second person add operators in the back office',
  },
  'setup-code-wrong': {
    retry: 'permanent',
    zh: '设置码不正确',
    en: 'Wrong set-up code',
    nextZh: '设置码在程序启动时显示在窗口中',
    nextEn: 'The program shows the set-up code in its window when it starts',
  },
  'break-glass-unseen': {
    retry: 'permanent',
    zh: '有单人完成的双人步骤尚未查看',
    en: 'A step for two people was taken by one alone, and nobody else has seen it yet',
    nextZh: '请由另一名操作员在后台“操作员”中查看并确认',
    nextEn: 'Another operator looks at it under operators in the back office and confirms',
  },
});
