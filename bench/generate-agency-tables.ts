import { chronicDiseases } from '#catalog/agency/chronic-diseases';
import { diagnoses } from '#catalog/agency/diagnoses';
import type { FileTable } from '#catalog/agency/file-table';
import { herbalPieces } from '#catalog/agency/herbal-pieces';
import { materials } from '#catalog/agency/materials';
import { preparations } from '#catalog/agency/preparations';
import { services } from '#catalog/agency/services';
import type { NationalEntry } from '#catalog/national-list';
import type { AgencyTable } from '#core/domain/agency-catalog';
import { AGENCY_VERSION, drugRows, SYNTHETIC } from './generate-agency.ts';

type Cells = Readonly<Record<string, string>>;

const REGION = '990100';
/** Rows of each text table beside 1301. */
const ROWS = 200;

/**
 * Every table of the agency but 1301, small and invented: text of the files (1302 … 1309), JSON lines of the paged
 * ones. 1312, 1316, 1318 and 1319 cover the drugs that `drugRows` gives for the same count, list and seed.
 */
export function otherTables(
  drugs: number,
  list: readonly NationalEntry[],
  seed: number,
): Readonly<Record<Exclude<AgencyTable, '1301'>, string>> {
  const pieces = list.filter(({ part }) => part.includes('饮片')).slice(0, ROWS);
  return {
    '1302': rows(herbalPieces, pieces.length, (at) => ({
      医疗目录编码: `T${digits(at, 9)}`,
      单味药名称: pieces[at]?.name ?? '',
      开始日期: '2021-01-01',
    })),
    '1303': rows(preparations, ROWS, (at) => ({
      医疗目录编码: `Z99${digits(at, 12)}`,
      注册名称: `示例合剂${at}号`,
      生产企业名称: '示例县人民医院',
      最小包装单位名称: '瓶',
      备注: SYNTHETIC,
    })),
    '1305': rows(services, ROWS, (at) => ({
      医疗目录编码: `0099${digits(at, 7)}0000`,
      医疗服务项目名称: `示例诊疗项目${at}`,
      计价单位名称: '次',
      备注: SYNTHETIC,
    })),
    '1306': rows(materials, ROWS, (at) => ({
      医疗目录编码: `C99${digits(at, 17)}`,
      耗材名称: `示例敷料${at}`,
      规格: `${at + 1}cm`,
      其他内容: SYNTHETIC,
    })),
    '1307': rows(diagnoses, ROWS, (at) => ({ 诊断代码: `Z99.${digits(at, 3)}`, 诊断名称: `示例疾病${at}` })),
    '1309': rows(chronicDiseases, 45, (at) => ({
      门慢门特病种目录代码: `M${digits(at, 5)}`,
      门慢门特病种名称: `示例慢性病${at}`,
      医保区划: REGION,
    })),
    ...pages(drugs, list, seed),
  };
}

/** One insurance code per name and form (the code up to the specification), ceilings for every second. */
function pages(drugs: number, list: readonly NationalEntry[], seed: number) {
  const names = new Map<string, string>();
  const codes: [string, string][] = [];
  for (const row of drugRows(drugs, list, seed)) {
    const [code = '', name = ''] = [row[0], row[3]];
    const insured = code.slice(0, -9);
    names.set(insured, name);
    codes.push([code, insured]);
  }
  const entries = [...names].map(([code, name], at) => ({ code, name, at, isB: at % 3 !== 0 }));
  return {
    '1312': entries
      .map(({ code, name, at, isB }) =>
        line('1312', at, { code, name, region: REGION, insuranceClass: isB ? 'B' : 'A', limited: false }),
      )
      .join(''),
    '1316': codes
      .map(([nationalCode, code], at) => line('1316', at, { nationalCode, code, region: REGION }))
      .join(''),
    '1317': codes
      .slice(0, ROWS)
      .map(([nationalCode], at) =>
        line('1317', at, { shopCode: `S${digits(at, 7)}`, nationalCode, listType: '101' }),
      )
      .join(''),
    '1318': entries
      .filter(({ at }) => at % 2 === 0)
      .map(({ code, at }) =>
        line('1318', at, { code, region: REGION, limitType: '1', ceiling: `${(at % 90) + 5}.500000` }),
      )
      .join(''),
    '1319': entries
      .filter(({ isB }) => isB)
      .map(({ code, at }) =>
        line('1319', at, { code, region: REGION, personType: '0', ratioType: '10', ratio: '0.1000' }),
      )
      .join(''),
  };
}

function rows({ table, columns, widths }: FileTable, count: number, cellsOf: (at: number) => Cells): string {
  const width = widths[0] ?? columns.length;
  return Array.from({ length: count }, (_, at) => {
    const cells: Cells = {
      有效标志: '1',
      唯一记录号: `${table}${digits(at, 12)}`,
      版本号: AGENCY_VERSION,
      ...cellsOf(at),
    };
    return `${columns
      .slice(0, width)
      .map((column) => cells[column] ?? '')
      .join('\t')}\n`;
  }).join('');
}

function line(table: AgencyTable, at: number, row: object): string {
  const recordId = `${table}${digits(at, 12)}`;
  return `${JSON.stringify({ table, recordId, valid: true, version: '2025-08-01', from: '2025-01-01', ...row })}\n`;
}

function digits(value: number, places: number): string {
  return String(value).padStart(places, '0');
}
