import { z } from 'zod';
import { businessDateTime, parseBusinessDateTime } from '#core/business-time';
import type { Holder, Insurance, PersonTag } from '#core/domain/holder';
import { err, ok, type Result } from '#core/result';
import type { PersonQuery } from '../port.ts';
import {
  firstProblem,
  inDateTime,
  inRequired,
  inText,
  outList,
  outMoneyOrZero,
  outRequired,
  outText,
} from '../wire.ts';
import { inMedium, MEDIUM_CODES, sexOf } from './codes.ts';

/** Code list psn_cert_type: identity card (居民身份证). */
const IDENTITY_CARD = '01';

/** 1101 人员信息获取, input (table 3.1.1). */
export const personInput = z.strictObject({
  data: z
    .strictObject({
      mdtrt_cert_type: inMedium,
      mdtrt_cert_no: inRequired(50),
      card_sn: inText(32),
      begntime: inDateTime,
      psn_cert_type: inText(6),
      certno: inText(50),
      psn_name: inText(50),
    })
    .refine((data) => data.mdtrt_cert_type !== '03' || data.card_sn !== '', {
      path: ['card_sn'],
      message: 'is required for a card',
    })
    .refine((data) => data.mdtrt_cert_type !== '02' || data.certno === data.mdtrt_cert_no, {
      path: ['certno'],
      message: 'is not the identity number of the credential',
    }),
});
export type PersonInput = z.infer<typeof personInput>;

/** 1101 output (tables 3.1.2 to 3.1.4). */
const personOutput = z.object({
  baseinfo: z.object({
    psn_no: outRequired(30),
    psn_cert_type: outText(6),
    certno: outText(50),
    psn_name: outRequired(50),
    gend: outText(6),
    brdy: outText(30),
    age: outText(10),
  }),
  insuinfo: outList(
    z.object({
      balc: outMoneyOrZero,
      insutype: outRequired(6),
      psn_type: outText(6),
      psn_insu_stas: outText(6),
      cvlserv_flag: outText(3),
      insuplc_admdvs: outText(6),
    }),
  ),
  idetinfo: outList(z.object({ psn_idet_type: outText(6), begntime: outText(30), endtime: outText(30) })),
});
type InsuranceRow = z.infer<typeof personOutput>['insuinfo'][number];
type IdentityRow = z.infer<typeof personOutput>['idetinfo'][number];

/** An identity number is credential and certificate in one; a certificate's kind is 01 unless it is told. */
export function personRequest(query: PersonQuery, atMs: number): PersonInput {
  const byNumber = query.medium === 'identity-number' ? query.mediumNumber : undefined;
  const certificate = query.certificateNumber ?? byNumber;
  return {
    data: {
      mdtrt_cert_type: MEDIUM_CODES[query.medium],
      mdtrt_cert_no: query.mediumNumber,
      card_sn: query.cardId ?? '',
      begntime: businessDateTime(atMs),
      psn_cert_type: certificate === undefined ? '' : (query.certificateType ?? IDENTITY_CARD),
      certno: certificate ?? '',
      psn_name: query.name ?? '',
    },
  };
}

/** Some gateways answer success without any node when they know nobody by that credential. */
export function isNobody(output: unknown): boolean {
  if (typeof output !== 'object' || output === null) return false;
  return !('baseinfo' in output) || output.baseinfo === null;
}

/**
 * The holder as answered. An insurance without state, or in any state but 1 正常参保, is not in force: the
 * agency still decides at the trial, but nothing is sold offline on a state that nobody stated.
 */
export function readPerson(output: unknown, query: PersonQuery, asOfMs: number): Result<Holder, string> {
  const parsed = personOutput.safeParse(output);
  if (!parsed.success) return err(firstProblem(parsed.error));
  const base = parsed.data.baseinfo;
  const birthDate = dateOf(base.brdy);
  return ok({
    personNumber: base.psn_no,
    name: base.psn_name,
    certificateType: base.psn_cert_type,
    certificateNumber: base.certno,
    sex: sexOf(base.gend),
    ...(birthDate === undefined ? {} : { birthDate }),
    age: base.age,
    insurances: parsed.data.insuinfo.map(insuranceOf),
    tags: parsed.data.idetinfo.filter((row) => row.psn_idet_type !== '').map(tagOf),
    medium: query.medium,
    mediumNumber: query.mediumNumber,
    ...(query.cardId === undefined ? {} : { cardId: query.cardId }),
    asOfMs,
  });
}

function insuranceOf(row: InsuranceRow): Insurance {
  return {
    scheme: row.insutype,
    personType: row.psn_type,
    inForce: row.psn_insu_stas === '1',
    balance: row.balc,
    region: row.insuplc_admdvs,
    civilServant: row.cvlserv_flag === '1',
  };
}

function tagOf(row: IdentityRow): PersonTag {
  const from = dateOf(row.begntime);
  const to = dateOf(row.endtime);
  return {
    code: row.psn_idet_type,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

function dateOf(text: string): string | undefined {
  const day = text.slice(0, 10);
  return parseBusinessDateTime(`${day} 00:00:00`) === undefined ? undefined : day;
}
