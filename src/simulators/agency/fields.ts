import { businessDateTime, parseBusinessDateTime } from '#core/business-time';
import { isObject, numberText } from './wire.ts';

/** What an input was refused for: the field by its path and a sentence of the agency's kind. */
export interface Violation {
  readonly field: string;
  readonly text: string;
}

export interface FieldSpec {
  readonly type: 'C' | 'N' | 'D' | 'DT';
  /** Characters of a C, all digits of an N. */
  readonly length: number;
  /** Decimals of an N. */
  readonly scale: number;
  readonly required: boolean;
  /** The key must be there, but may be empty (3202 refd_setl_flag: both kinds). */
  readonly mayBeEmpty: boolean;
  readonly codes?: ReadonlySet<string>;
  readonly pattern?: RegExp;
}

export type FieldTable = Readonly<Record<string, FieldSpec>>;

/** One node of `input`; `list` nodes hold one or more rows. */
export interface NodeSpec {
  readonly name: string;
  readonly table: FieldTable;
  readonly list?: true;
}

/** Values of one checked node as text, numbers as their source text; empty and absent fields are left out. */
export type Fields = Readonly<Record<string, string>>;

type Extra = Partial<Pick<FieldSpec, 'required' | 'mayBeEmpty' | 'codes' | 'pattern'>>;

const base = { length: 0, scale: 0, required: false, mayBeEmpty: false };

export const must: Extra = { required: true };

export function text(length: number, extra: Extra = {}): FieldSpec {
  return { ...base, type: 'C', length, ...extra };
}

export function decimal(length: number, scale: number, extra: Extra = {}): FieldSpec {
  return { ...base, type: 'N', length, scale, ...extra };
}

export function day(extra: Extra = {}): FieldSpec {
  return { ...base, type: 'D', length: 10, ...extra };
}

export function dateTime(extra: Extra = {}): FieldSpec {
  return { ...base, type: 'DT', length: 19, ...extra };
}

/** Checks one node against its table: unknown fields, required ones, types, lengths, code lists. */
export function checkNode(
  path: string,
  node: unknown,
  table: FieldTable,
): { fields: Fields; violations: Violation[] } {
  if (!isObject(node)) return { fields: {}, violations: [{ field: path, text: '节点缺失或不是对象' }] };
  const violations: Violation[] = [];
  const fields: Record<string, string> = {};
  for (const key of Object.keys(node)) {
    if (!Object.hasOwn(table, key)) violations.push({ field: join(path, key), text: '未知字段' });
  }
  for (const [key, spec] of Object.entries(table)) {
    const checked = checkValue(Object.hasOwn(node, key) ? node[key] : undefined, spec);
    if (checked.fault !== undefined) violations.push({ field: join(path, key), text: checked.fault });
    else if (checked.value !== undefined) fields[key] = checked.value;
  }
  return { fields, violations };
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function checkValue(value: unknown, spec: FieldSpec): { value?: string; fault?: string } {
  if (value === undefined || value === null) return spec.required ? { fault: '不能为空' } : {};
  if (spec.type === 'N') return checkNumber(value, spec);
  if (typeof value !== 'string') return { fault: '类型不符，应为字符型' };
  if (value === '') return spec.required && !spec.mayBeEmpty ? { fault: '不能为空' } : {};
  const fault = textFault(value, spec);
  return fault === undefined ? { value } : { fault };
}

function textFault(value: string, spec: FieldSpec): string | undefined {
  if (spec.type === 'DT' && parseBusinessDateTime(value) === undefined)
    return '格式不符，应为yyyy-MM-dd HH:mm:ss';
  if (spec.type === 'D' && parseDay(value) === undefined) return '格式不符，应为yyyy-MM-dd';
  if ([...value].length > spec.length) return `超长，最大${spec.length}`;
  if (spec.codes !== undefined && !spec.codes.has(value)) return `取值不在字典内：${value}`;
  if (spec.pattern !== undefined && !spec.pattern.test(value)) return '格式不符';
  return undefined;
}

function checkNumber(value: unknown, spec: FieldSpec): { value?: string; fault?: string } {
  const source = numberText(value);
  if (source === undefined) return { fault: '类型不符，应为数值型' };
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(source);
  if (match === null) return { fault: '格式不符，应为十进制数' };
  if ((match[1] ?? '').length > spec.length - spec.scale || (match[2] ?? '').length > spec.scale)
    return { fault: `超长，应为${spec.length},${spec.scale}` };
  return { value: source };
}

/** First instant of a D value in business time, or undefined when it is not a real day. */
export function parseDay(value: string): number | undefined {
  const atMs = parseBusinessDateTime(`${value} 00:00:00`);
  return atMs === undefined || businessDateTime(atMs).slice(0, 10) !== value ? undefined : atMs;
}
