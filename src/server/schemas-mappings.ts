import { z } from 'zod';
import { faultView } from '#checkout/view';
import { mappingStates, matchBases } from '#core/domain/item-mapping';

const state = z.enum(mappingStates);
const candidate = z.object({
  nationalCode: z.string(),
  name: z.string(),
  specification: z.string(),
  maker: z.string(),
  confidence: z.number().int().describe('0 to 1000'),
  why: z.string(),
});

export const mappingRow = z.object({
  shopCode: z.string(),
  name: z.string(),
  specification: z.string(),
  maker: z.string(),
  state,
  basis: z.enum(matchBases).optional(),
  choice: candidate.optional(),
  why: z.string(),
  others: z.array(candidate),
  changedAt: z.string(),
  by: z.string(),
  fault: faultView.optional(),
  agencyText: z.string().optional(),
});

export const mappingsAnswer = z.object({
  counts: z.partialRecord(state, z.number().int()),
  rows: z.array(mappingRow),
});
export const mappingsQuery = z.strictObject({ state: state.optional() });
export const mappingParams = z.strictObject({ shopCode: z.string().min(1).max(150) });
export const decideMappingBody = z.strictObject({
  /** Null = the item has no national code. */
  nationalCode: z.string().min(1).max(40).nullable(),
});
export const matchAnswer = z.object({
  looked: z.number().int(),
  confirmed: z.number().int(),
  proposed: z.number().int(),
});
export const uploadMappingsAnswer = z.object({
  uploaded: z.number().int(),
  refused: z.number().int(),
  left: z.number().int(),
});

export const mappingExample = {
  shopCode: '100008',
  name: '盐酸二甲双胍片',
  specification: '0.5g×30片',
  maker: '示例制药有限公司',
  state: 'proposed',
  basis: 'approval-number',
  choice: {
    nationalCode: 'XA10BAE065A001010100001',
    name: '盐酸二甲双胍片',
    specification: '0.5g',
    maker: '示例制药有限公司',
    confidence: 900,
    why: '批准文号相同；通用名相同',
  },
  why: '批准文号相同；通用名相同',
  others: [],
  changedAt: '2026-03-02 09:30:05',
  by: 'till',
} as const;
