import { parseBusinessDateTime } from '#core/business-time';
import { checkBasket } from './basket-check.ts';
import { checkNode, type Fields, type NodeSpec, type Violation } from './fields.ts';
import type { Infno } from './paths.ts';
import type { CheckedRequest } from './request.ts';
import { envelopeTable, inputNodes } from './tables.ts';
import { formatJson, isObject, type JsonObject, parseJson } from './wire.ts';

/** The institution that the agency knows; without it every well-formed institution is served. */
export interface Institution {
  /** Designated institution code (定点医药机构编号), 12 characters. */
  readonly code: string;
  /** Region of the institution (就医地医保区划), six digits. */
  readonly region: string;
}

export type Checked =
  | { readonly kind: 'good'; readonly request: CheckedRequest }
  | { readonly kind: 'wrong-address'; readonly violations: readonly Violation[] }
  | { readonly kind: 'bad'; readonly envelope: Fields; readonly violations: readonly Violation[] };

const MOST_ROWS = 500;
const MOST_INPUT_CHARACTERS = 40_000;

/** Checks a whole message against section 1.1 and the tables of its transaction; says every fault found. */
export function checkMessage(body: Uint8Array, infno: Infno, institution: Institution | undefined): Checked {
  const message = readMessage(body);
  if (message === undefined)
    return { kind: 'bad', envelope: {}, violations: [{ field: 'message', text: '报文不是UTF-8的JSON对象' }] };
  if (message['infno'] !== infno)
    return { kind: 'wrong-address', violations: [{ field: 'infno', text: '交易编号与地址不符' }] };
  const { input, ...head } = message;
  const envelope = checkNode('', head, envelopeTable);
  const violations = [...envelope.violations, ...checkEnvelope(envelope.fields, institution)];
  const read = checkInput(input, inputNodes[infno]);
  violations.push(...read.violations, ...checkInputSize(input, infno));
  const request: CheckedRequest = { infno, envelope: envelope.fields, nodes: read.nodes, lists: read.lists };
  if (violations.length === 0) violations.push(...checkTogether(request));
  if (violations.length > 0) return { kind: 'bad', envelope: envelope.fields, violations };
  return { kind: 'good', request };
}

function readMessage(body: Uint8Array): JsonObject | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
  const parsed = parseJson(text);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}

function checkEnvelope(envelope: Fields, institution: Institution | undefined): Violation[] {
  const violations: Violation[] = [];
  const code = envelope['fixmedins_code'];
  const msgid = envelope['msgid'];
  if (msgid !== undefined && code !== undefined && !isMessageId(msgid, code))
    violations.push({ field: 'msgid', text: '格式不符，应为机构编号12位+时间14位+顺序号4位' });
  if (institution === undefined) return violations;
  if (code !== undefined && code !== institution.code)
    violations.push({ field: 'fixmedins_code', text: '未登记的定点医药机构' });
  const region = envelope['mdtrtarea_admvs'];
  if (region !== undefined && region !== institution.region)
    violations.push({ field: 'mdtrtarea_admvs', text: '与定点医药机构所属区划不符' });
  return violations;
}

function isMessageId(msgid: string, institutionCode: string): boolean {
  const match = /^.{12}(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d{4}$/.exec(msgid);
  if (match === null || !msgid.startsWith(institutionCode)) return false;
  const [, year, month, day, hour, minute, second] = match;
  return parseBusinessDateTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`) !== undefined;
}

function checkInput(
  input: unknown,
  specs: readonly NodeSpec[],
): { nodes: Record<string, Fields>; lists: Record<string, Fields[]>; violations: Violation[] } {
  const nodes: Record<string, Fields> = {};
  const lists: Record<string, Fields[]> = {};
  const violations: Violation[] = [];
  if (!isObject(input)) return { nodes, lists, violations: [{ field: 'input', text: '节点缺失或不是对象' }] };
  for (const name of Object.keys(input)) {
    if (!specs.some((spec) => spec.name === name))
      violations.push({ field: `input.${name}`, text: '未知节点' });
  }
  for (const spec of specs) {
    const value = Object.hasOwn(input, spec.name) ? input[spec.name] : undefined;
    if (spec.list !== true) {
      const checked = checkNode(spec.name, value, spec.table);
      nodes[spec.name] = checked.fields;
      violations.push(...checked.violations);
    } else {
      lists[spec.name] = checkRows(spec, value, violations);
    }
  }
  return { nodes, lists, violations };
}

function checkRows(spec: NodeSpec, value: unknown, violations: Violation[]): Fields[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_ROWS) {
    violations.push({ field: spec.name, text: `应为1到${MOST_ROWS}行的列表` });
    return [];
  }
  return value.map((row: unknown, index) => {
    const checked = checkNode(`${spec.name}[${index}]`, row, spec.table);
    violations.push(...checked.violations);
    return checked.fields;
  });
}

function checkInputSize(input: unknown, infno: Infno): Violation[] {
  if (infno === '9101' || !isObject(input)) return [];
  if (formatJson(input).length <= MOST_INPUT_CHARACTERS) return [];
  return [{ field: 'input', text: `超长，最大${MOST_INPUT_CHARACTERS}` }];
}

function checkTogether(request: CheckedRequest): Violation[] {
  const violations: Violation[] = [];
  const data = request.nodes['data'] ?? request.nodes['druginfo'] ?? {};
  if (data['psn_no'] !== undefined && request.envelope['insuplc_admdvs'] === undefined)
    violations.push({ field: 'insuplc_admdvs', text: '输入含人员编号时参保地医保区划不能为空' });
  if (request.infno === '1101' && data['mdtrt_cert_type'] === '03' && data['card_sn'] === undefined)
    violations.push({ field: 'data.card_sn', text: '就诊凭证类型为03时卡识别码不能为空' });
  if (request.infno === '3202' && (data['stmt_begndate'] ?? '') > (data['stmt_enddate'] ?? ''))
    violations.push({ field: 'data.stmt_enddate', text: '对账结束日期早于开始日期' });
  if (request.infno === '2101' || request.infno === '2102') violations.push(...checkBasket(request));
  return violations;
}
