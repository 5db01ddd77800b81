import { zipSync } from 'fflate';
import { businessDay } from '#core/business-time';
import { need } from '../basket-check.ts';
import type { ListedRow } from '../catalogue/register.ts';
import { type FileLayout, type FileTable, fileLayouts } from '../catalogue/wire-rows.ts';
import { type AgencyContext, done, type Outcome } from '../context.ts';
import type { CheckedRequest } from '../request.ts';
import { wireNumber } from '../wire.ts';
import { downloadEnd, keepFile } from './files.ts';

/** 9102 hands out every catalogue file under this name (table 3.5.3). */
const FIXED_NAME = 'plc';

/** 1301 … 1309 目录下载: a file of the rows newer than `ver`, to be fetched with 9102; `0` = all. */
export function downloadTable(request: CheckedRequest, context: AgencyContext): Outcome {
  const table = request.infno as FileTable;
  const rows = context.catalogue.since(table, need(request.nodes['data'] ?? {}, 'ver'));
  const day = businessDay(context.clock.nowMs());
  const inner = `${table}_${day.replaceAll('-', '')}.txt`;
  const ends = { dld_end_time: downloadEnd(context.clock.nowMs()).slice(0, 10) };
  const count = { data_cnt: wireNumber(BigInt(rows.length), 0) };
  if (rows.length === 0) return done({ file_qury_no: null, filename: null, ...ends, ...count });
  const text = rows.map((row) => fileLine(row, fileLayouts[table])).join('');
  const zip = zipSync(
    { [inner]: new TextEncoder().encode(text) },
    { mtime: new Date(context.clock.nowMs()) },
  );
  const number = keepFile(context, need(request.envelope, 'fixmedins_code'), FIXED_NAME, zip);
  return done({ file_qury_no: number, filename: `${inner}.zip`, ...ends, ...count });
}

/** One line: TAB between columns, no header; what is empty is printed as nothing or as the word null, as seen. */
function fileLine(row: ListedRow, layout: FileLayout): string {
  const own = row.content.by === 'file' ? row.content.cells : {};
  const put: Readonly<Record<number, string>> = {
    ...own,
    [layout.valid]: row.valid ? '1' : '0',
    [layout.recordId]: row.recordId,
    [layout.version]: row.version,
    [layout.versionName]: `版本${row.version}`,
    ...(layout.created === undefined ? {} : { [layout.created]: row.changedDay }),
    ...(layout.changed === undefined ? {} : { [layout.changed]: row.changedDay }),
  };
  const cells = Array.from({ length: layout.columns }, (_none, index) => {
    const cell = (put[index + 1] ?? '').replace(/[\t\r\n]+/g, ' ');
    return cell === '' && index % 2 === 1 ? 'null' : cell;
  });
  return `${cells.join('\t')}\n`;
}
