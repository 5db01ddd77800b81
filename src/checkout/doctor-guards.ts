import { businessDateTime } from '#core/business-time';
import { fault } from '#core/fault';
import type { DoctorRow } from './facade.ts';
import { glassRows } from './office/glass.ts';
import type { CheckoutParts } from './parts.ts';
import { backupFault, diskFault, megabytes } from './present/guards.ts';

/** Room on the disk of the records, and the last good backup. */
export function guardRows(parts: CheckoutParts): DoctorRow[] {
  return [diskRow(parts), ...backupRow(parts), ...glassRow(parts)];
}

function diskRow(parts: CheckoutParts): DoctorRow {
  const { freeBytes, reserve } = parts.store.disk();
  const problem = diskFault(parts);
  const free = megabytes(freeBytes);
  const part = 'disk';
  if (problem !== undefined) {
    const state = reserve === 'given-up' ? 'fault' : 'warning';
    const zh = `${problem.zh}（剩余 ${free} MB）`;
    return { part, state, zh, en: `${problem.en} (${free} MB free)`, fault: problem };
  }
  const kept = reserve === 'held' ? ['，已预留应急空间', ', reserve held'] : ['', ''];
  return { part, state: 'ok', zh: `磁盘剩余 ${free} MB${kept[0]}`, en: `Disk: ${free} MB free${kept[1]}` };
}

function backupRow(parts: CheckoutParts): DoctorRow[] {
  const { backups } = parts;
  const part = 'backup';
  if (backups === undefined) return [];
  const last = backups.last();
  const words =
    last === undefined
      ? ['还没有备份', 'No backup yet']
      : [`上次备份 ${businessDateTime(last.atMs)}`, `Last backup ${businessDateTime(last.atMs)}`];
  const [zh = '', en = ''] = words;
  if (!backups.schedule.on) {
    const off = { zh: `没有设置定时备份；${zh}`, en: `No backup is scheduled; ${en}` };
    return [{ part, state: parts.training ? 'ok' : 'warning', ...off }];
  }
  const problem = backupFault(parts);
  if (problem === undefined) return [{ part, state: 'ok', zh, en }];
  return [{ part, state: 'warning', zh: `${problem.zh}；${zh}`, en: `${problem.en}; ${en}`, fault: problem }];
}

/** Only where one person took a step for two, until somebody else has seen it. */
function glassRow(parts: CheckoutParts): DoctorRow[] {
  const rows = glassRows(parts);
  const last = rows.at(-1);
  if (last === undefined) return [];
  const found = fault('break-glass-unseen', `${rows.length}`);
  const zh = `${rows.length} 次单人完成双人步骤，最近 ${last.at}，操作员 ${last.operator}：${last.reason}`;
  const en = `${rows.length} steps for two taken alone, last ${last.at} by ${last.operator}: ${last.reason}`;
  return [{ part: 'break-glass', state: 'warning', zh, en, fault: found }];
}
