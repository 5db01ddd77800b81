import { defineFaults } from './spec.ts';

/** Backup, restore, what is owed, and room on the disk. */
export const backupFaults = defineFaults({
  'backup-failed': {
    retry: 'transient',
    zh: '备份没有完成，已有的备份不受影响',
    en: 'The backup was not finished; earlier backups are as they were',
    nextZh: '请检查备份目录的空间和权限，然后再备份',
    nextEn: 'Check room and rights of the backup folder, then back up again',
  },
  'backup-no-folder': {
    retry: 'permanent',
    zh: '没有指定备份目录',
    en: 'No backup folder is named',
    nextZh: '请用 --to 指定目录，或在配置 [backup] 中填写 folder',
    nextEn: 'Name one with --to, or set folder under [backup] in the configuration',
  },
  'backup-folder-open': {
    retry: 'permanent',
    zh: '其他用户可以进入备份目录',
    en: 'Other users can enter the backup folder',
    nextZh: '请收回其他用户对该目录的权限（chmod 700），再备份',
    nextEn: 'Take the rights of other users on it away (chmod 700), then back up again',
  },
  'backup-too-old': {
    retry: 'permanent',
    zh: '很久没有成功备份了',
    en: 'The last good backup is old',
    nextZh: '请检查备份目录，并运行 guitai backup',
    nextEn: 'Check the backup folder and run guitai backup',
  },
  'backup-damaged': {
    retry: 'permanent',
    zh: '这不是完整的备份，或备份被改动',
    en: 'This is no whole backup, or it was changed',
    nextZh: '请改用另一个备份；原数据没有改动',
    nextEn: 'Use another backup; the data was not touched',
  },
  'restore-folder-used': {
    retry: 'permanent',
    zh: '目标目录里已有数据',
    en: 'The folder has records already',
    nextZh: '请换一个目录；确实要替换时加 --replace，原数据会保留在旁边的目录里',
    nextEn: 'Choose another folder; --replace takes its place and keeps the old records beside it',
  },
  'restore-key-missing': {
    retry: 'permanent',
    zh: '没有打开备份所需的终端密钥文件',
    en: 'The key file that opens the backup is missing',
    nextZh: '请把原来的密钥文件和口令文件（或密钥设备）放回来，再恢复',
    nextEn: 'Put the original key file and its secret (or the key device) back, then restore again',
  },
  'restore-unfinished': {
    retry: 'permanent',
    zh: '上一次恢复没有完成，数据不能使用',
    en: 'A restore was cut off, so these records cannot be used',
    nextZh: '请再运行一次 guitai restore（加 --replace）；原数据保留在旁边的目录里',
    nextEn: 'Run guitai restore again with --replace; the old records are kept beside it',
  },
  'restore-hold': {
    retry: 'transient',
    zh: '数据刚从备份恢复，备份之后的各天还没有与医保中心对账，暂停医保结算',
    en: 'Restored from a backup: insured sales wait until the days since it are compared with the agency',
    nextZh: '请联网并签到，系统会自动对账；也可运行 guitai reconcile。现金自费可以继续',
    nextEn:
      'Go online and open the shift, the till compares by itself (or run guitai reconcile); own pay goes on',
  },
  'restore-not-yet': {
    retry: 'transient',
    zh: '还有结算请求可能在途，暂时不能完成恢复后的对账',
    en: 'A request may still be on its way, so the comparison after the restore cannot end yet',
    nextZh: '请等几分钟，系统会自动再对账',
    nextEn: 'Wait some minutes; the till compares again by itself',
  },
  'restore-maybe-uploaded': {
    retry: 'permanent',
    zh: '备份之后这笔脱机交易可能已经上传，金额不同，没有再上传',
    en: 'This offline sale may have been uploaded after the backup with other sums; it is not sent again',
    nextZh: '请在医保中心的明细中核对这笔交易，再由两人作出决定',
    nextEn: "Look for it in the agency's detail, then decide by two people",
  },
  'data-still-owed': {
    retry: 'permanent',
    zh: '还有未了结的业务，不能清除、卸载或更换数据',
    en: 'Something is still owed: the data cannot be reset, removed or replaced',
    nextZh: '请用 guitai owed 查看，上传、核实或补打后再试',
    nextEn: 'See guitai owed; upload, clear up or print what is listed, then try again',
  },
  'reset-not-confirmed': {
    retry: 'permanent',
    zh: '清除数据需要确认',
    en: 'A reset has to be confirmed',
    nextZh: '确认后加 --confirm；原数据会保留在旁边的目录里',
    nextEn: 'Add --confirm; the old records are kept beside it',
  },
  'disk-low': {
    retry: 'transient',
    zh: '磁盘空间不足，只能完成已开始的销售',
    en: 'The disk is nearly full: begun sales can be finished, new ones are refused',
    nextZh: '请清理磁盘，空间够了会自动恢复',
    nextEn: 'Free some space; selling goes on by itself as soon as there is room',
  },
});
