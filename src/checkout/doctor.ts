import { businessDay } from '#core/business-time';
import type { DeviceKind } from '#core/domain/device';
import { type FaultCode, fault } from '#core/fault';
import { formatMoney } from '#core/money';
import { ageInHours, blacklistAge, blacklistTooOld } from './blacklist.ts';
import { guardRows } from './doctor-guards.ts';
import type { DoctorRow } from './facade.ts';
import { journalRows } from './journal-rows.ts';
import type { TillCore } from './till-core.ts';

/** Every part of the till with its state and what to do about it; asks nothing that costs money. */
export async function doctor(core: TillCore): Promise<readonly DoctorRow[]> {
  return [
    readerRow(core),
    ...moduleRow(core),
    agencyRow(core),
    await printerRow(core),
    ...deviceRows(core),
    ...blacklistRow(core),
    catalogRow(core),
    ...(await journalRows(core)),
    ...guardRows(core.parts),
    queueRow(core),
    splitRow(core),
  ];
}

function readerRow({ parts }: TillCore): DoctorRow {
  const status = parts.cardDesk.status();
  const names = parts.cardDesk
    .readers()
    .map(({ reader }) => reader)
    .join(', ');
  if (status.ok)
    return { part: 'card-reader', state: 'ok', zh: `读卡器：${names}`, en: `Card reader: ${names}` };
  return {
    part: 'card-reader',
    state: 'fault',
    zh: status.error.zh,
    en: status.error.en,
    fault: status.error,
  };
}

/** Only where a module is configured: without one, offline deduction is off and nothing is wrong. */
function moduleRow({ parts }: TillCore): DoctorRow[] {
  const state = parts.securityModule?.state();
  if (state === undefined) return [];
  const part = 'security-module';
  if (state.kind === 'ready') {
    const { terminalNumber } = state.identity;
    return [
      { part, state: 'ok', zh: `安全模块：${terminalNumber}`, en: `Security module: ${terminalNumber}` },
    ];
  }
  const { fault } = state;
  const why = fault.detail === undefined ? '' : ` (${fault.detail})`;
  return [{ part, state: 'fault', zh: `${fault.zh}${why}`, en: `${fault.en}${why}`, fault }];
}

const DEVICES: Partial<Record<DeviceKind, readonly [string, string]>> = {
  'pin-pad': ['密码键盘', 'PIN pad'],
  scanner: ['扫码枪', 'Scanner'],
  'cash-drawer': ['钱箱', 'Cash drawer'],
  'customer-display': ['顾客显示屏', 'Customer display'],
  'key-store': ['终端密钥', 'Key store'],
};

/** Devices without a row of their own, each with its state and the last fault since the start. */
function deviceRows({ devices }: TillCore): DoctorRow[] {
  return devices.views().flatMap((device): DoctorRow[] => {
    const names = DEVICES[device.kind];
    if (names === undefined) return [];
    const { kind: part, address, state, fault: problem, lastFault } = device;
    if (problem !== undefined) {
      const known = fault(problem.code as FaultCode, problem.detail);
      return [{ part, state: 'fault', ...words(names, address, known.zh, known.en), fault: known }];
    }
    const idle = state === 'idle';
    const before =
      lastFault === undefined
        ? ['', '']
        : [`，上次故障 ${lastFault.at} ${lastFault.zh}`, `, last fault ${lastFault.at}: ${lastFault.en}`];
    const zh = `${idle ? '尚未使用' : '正常'}${before[0]}`;
    const en = `${idle ? 'not used yet' : 'ready'}${before[1]}`;
    return [{ part, state: 'ok', ...words(names, address, zh, en) }];
  });
}

function words([nameZh, nameEn]: readonly [string, string], address: string, zh: string, en: string) {
  return { zh: `${nameZh} ${address}：${zh}`, en: `${nameEn} ${address}: ${en}` };
}

/** Only where offline deduction is on: nothing else needs the list. */
function blacklistRow({ parts }: TillCore): DoctorRow[] {
  const { store, clock, config } = parts;
  if (!config.offline.enabled) return [];
  const part = 'blacklist';
  const nowMs = clock.nowMs();
  const problem = blacklistTooOld(store, nowMs, config.offline.blacklist_age_max_hours);
  if (problem !== undefined)
    return [{ part, state: 'warning', zh: problem.zh, en: problem.en, fault: problem }];
  const list = blacklistAge(store, nowMs);
  const hours = ageInHours(list?.ageMs ?? 0);
  return [
    {
      part,
      state: 'ok',
      zh: `黑名单 ${list?.version ?? ''}：${hours} 小时前核对`,
      en: `Blacklist ${list?.version ?? ''}: confirmed ${hours} hours ago`,
    },
  ];
}

function agencyRow({ link, parts }: TillCore): DoctorRow {
  const { state, forced, fault } = link.status();
  const url = parts.config.agency.url;
  if (state === 'online')
    return { part: 'agency', state: 'ok', zh: `医保中心：${url} 正常`, en: `Agency: ${url} answers` };
  const why = forced ? ['人工设为脱机', 'forced offline'] : [fault?.zh ?? '', fault?.en ?? ''];
  return {
    part: 'agency',
    state: state === 'degraded' ? 'warning' : 'fault',
    zh: `医保中心：${url} ${why[0]}`,
    en: `Agency: ${url} ${why[1]}`,
    ...(fault === undefined ? {} : { fault }),
  };
}

async function printerRow({ parts }: TillCore): Promise<DoctorRow> {
  const { printer } = parts;
  if (printer === undefined)
    return { part: 'printer', state: 'warning', zh: '没有配置打印机', en: 'No printer is configured' };
  const status = await printer.status();
  if (!status.ok)
    return { part: 'printer', state: 'fault', zh: status.error.zh, en: status.error.en, fault: status.error };
  const { address } = printer;
  const { paper } = status.value;
  return {
    part: 'printer',
    state: 'ok',
    zh: `打印机：${address}（纸：${paper}）`,
    en: `Printer: ${address} (paper: ${paper})`,
  };
}

function catalogRow({ parts }: TillCore): DoctorRow {
  const catalog = parts.catalog();
  if (catalog === undefined)
    return { part: 'catalogue', state: 'fault', zh: '还没有导入目录', en: 'No catalogue is loaded' };
  const damage = catalog.damage();
  if (damage !== undefined)
    return { part: 'catalogue', state: 'fault', zh: damage.zh, en: damage.en, fault: damage };
  const { version, productCount } = catalog.version;
  return {
    part: 'catalogue',
    state: 'ok',
    zh: `目录 ${version}：${productCount} 个商品`,
    en: `Catalogue ${version}: ${productCount} products`,
  };
}

function queueRow({ parts }: TillCore): DoctorRow {
  const waiting = parts.store.uploads(['queued', 'sending', 'ambiguous']).length;
  const atRisk = formatMoney(parts.store.offlineAtRisk().amount);
  return {
    part: 'queue',
    state: waiting === 0 ? 'ok' : 'warning',
    zh: `待上传 ${waiting} 笔，在途 ${atRisk} 元`,
    en: `${waiting} sales to upload, ${atRisk} yuan at risk`,
  };
}

/** Whether our policies and catalogue compute what the agency computes, over today's answers. */
function splitRow({ parts }: TillCore): DoctorRow {
  const day = businessDay(parts.clock.nowMs());
  const { compared, different } = parts.store.splitComparisonCounts(day, day);
  return {
    part: 'benefit',
    state: different === 0 ? 'ok' : 'warning',
    zh: `待遇计算：今天与医保中心比较 ${compared} 次，${different} 次有差异`,
    en: `Benefit: ${compared} compared with the agency today, ${different} different`,
  };
}
