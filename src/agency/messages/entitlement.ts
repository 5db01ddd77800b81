import { z } from 'zod';
import { parseBusinessDateTime } from '#core/business-time';
import type { ChronicEntitlement } from '#core/domain/entitlement';
import { err, ok, type Result } from '#core/result';
import type { EntitlementQuery } from '../port.ts';
import { firstProblem, inRequired, outList, outRequired, outText } from '../wire.ts';

/** 5301 人员慢特病备案查询, input (section 4.7). */
export const entitlementInput = z.strictObject({ data: z.strictObject({ psn_no: inRequired(30) }) });
export type EntitlementInput = z.infer<typeof entitlementInput>;

/**
 * The four fields of section 4.7. The institution is not among them; where a region's answer names the one that was
 * chosen, as the filing of 2505 does, it is read too (unconfirmed).
 */
const filed = z.object({
  opsp_dise_code: outRequired(30),
  opsp_dise_name: outRequired(300),
  begndate: outText(30),
  enddate: outText(30),
  fixmedins_code: outText(30),
  fixmedins_name: outText(200),
});

/** The name of the node is not printed in the sources: both that answers of this family have. */
const NODES = ['feedetail', 'result'] as const;
const rowsOf = outList(filed);

export function entitlementRequest({ personNumber }: EntitlementQuery): EntitlementInput {
  return { data: { psn_no: personNumber } };
}

/**
 * An empty output is an answer: nothing is filed. One that holds something else is not read as nothing, and neither
 * is a row without a day: what is not understood stays unknown.
 */
export function readEntitlements(output: unknown): Result<readonly ChronicEntitlement[], string> {
  if (isEmpty(output)) return ok([]);
  const node = NODES.find((name) => hasNode(output, name));
  if (node === undefined) return err(`${NODES[0]}: is not there`);
  const parsed = rowsOf.safeParse((output as Readonly<Record<string, unknown>>)[node]);
  if (!parsed.success) return err(`${node}: ${firstProblem(parsed.error)}`);
  const rows = parsed.data;
  const read: ChronicEntitlement[] = [];
  for (const row of rows) {
    const entitlement = entitlementOf(row);
    if (!entitlement.ok) return entitlement;
    read.push(entitlement.value);
  }
  return ok(read);
}

function entitlementOf(row: z.infer<typeof filed>): Result<ChronicEntitlement, string> {
  const from = dayOf(row.begndate);
  const to = dayOf(row.enddate);
  if (from === undefined) return err('begndate: is not a day');
  // A last day that cannot be read must not become an entitlement without end.
  if (to === undefined && row.enddate !== '') return err('enddate: is not a day');
  const { fixmedins_code: code, fixmedins_name: name } = row;
  return ok({
    diseaseCode: row.opsp_dise_code,
    diseaseName: row.opsp_dise_name,
    from,
    ...(to === undefined ? {} : { to }),
    ...(code === '' ? {} : { institution: { code, name: name === '' ? code : name } }),
  });
}

function dayOf(text: string): string | undefined {
  const day = text.slice(0, 10);
  return parseBusinessDateTime(`${day} 00:00:00`) === undefined ? undefined : day;
}

function isEmpty(output: unknown): boolean {
  return output === null || (typeof output === 'object' && Object.keys(output).length === 0);
}

function hasNode(output: unknown, name: string): boolean {
  return typeof output === 'object' && output !== null && name in output;
}
