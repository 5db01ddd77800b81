import { z } from 'zod';
import type { Operator } from '#core/domain/sale';
import { err, ok, type Result } from '#core/result';
import { isLosslessNumber } from '../json.ts';
import type { DecodedCertificate } from '../port.ts';
import { firstProblem, inPattern, inRequired, inText, outRequired, outText } from '../wire.ts';

/*
 * 1162, the infno form of `ec.query`: decodes the QR code of an electronic certificate (医保电子凭证, section 9).
 * The name of the input node is not public; `data` is ours. The output is taken with and without such a node.
 */

/** Purpose of the decoding (用码业务类型): a purchase in a pharmacy. */
const PHARMACY_PURCHASE = '02121';

/** Table 9.2. */
export const certificateInput = z.strictObject({
  data: z.strictObject({
    orgId: inRequired(40),
    businessType: inPattern(/^\d{5}$/, 'a purpose of five digits'),
    operatorId: inRequired(20),
    operatorName: inRequired(30),
    officeId: inRequired(20),
    officeName: inRequired(30),
    deviceType: inText(30),
    ecQrCode: inRequired(512),
  }),
});
export type CertificateInput = z.infer<typeof certificateInput>;

/** Table 9.3; what nothing here uses is not read. */
const certificateOutput = z.object({
  userName: outRequired(64),
  idNo: outRequired(64),
  idType: outText(64),
  ecToken: outRequired(64),
  insuOrg: outText(6),
});

/** Counter or department that decodes (医保科室), as the agency registered it. */
export interface Office {
  readonly id: string;
  readonly name: string;
}

export function certificateRequest(
  qrText: string,
  at: { readonly institutionCode: string; readonly operator: Operator; readonly office: Office },
): CertificateInput {
  return {
    data: {
      orgId: at.institutionCode,
      businessType: PHARMACY_PURCHASE,
      operatorId: at.operator.number,
      // The envelope carries the whole name; this field has room for thirty characters.
      operatorName: [...at.operator.name].slice(0, 30).join(''),
      officeId: at.office.id,
      officeName: at.office.name,
      deviceType: '',
      ecQrCode: qrText,
    },
  };
}

export function readCertificate(output: unknown): Result<DecodedCertificate, string> {
  const parsed = certificateOutput.safeParse(dataNode(output));
  if (!parsed.success) return err(`data.${firstProblem(parsed.error)}`);
  const { userName, idNo, idType, ecToken, insuOrg } = parsed.data;
  return ok({
    token: ecToken,
    name: userName,
    certificateNumber: idNo,
    ...(idType === '' ? {} : { certificateType: idType }),
    insuredRegion: insuOrg,
  });
}

function dataNode(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || isLosslessNumber(output)) return output;
  return 'data' in output && typeof output.data === 'object' ? output.data : output;
}
