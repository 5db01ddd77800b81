import { businessDay } from '#core/business-time';
import { need } from '../basket-check.ts';
import { type AgencyContext, done, type Outcome, refused } from '../context.ts';
import type { Fields } from '../fields.ts';
import { ownsMedium } from '../medium.ts';
import { ageText, type InsuredPerson } from '../person.ts';
import type { CheckedRequest } from '../request.ts';
import { type JsonObject, wireNumber } from '../wire.ts';

/** 1101 人员信息获取 by token, identity number, or card number with card identification code. */
export function queryPerson(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  const found = [...context.persons.values()].filter((person) => matches(person, data, context));
  const [person] = found;
  if (person === undefined) return refused('未查询到人员参保信息', 'psnInfoBO_1001');
  if (found.length > 1)
    return refused('该证件号码对应多个参保人员，请提供姓名或社会保障卡', 'psnInfoBO_1002');
  return done({
    baseinfo: {
      psn_no: person.personNumber,
      ...identityFields(person, context.clock.nowMs()),
      exp_content: null,
    },
    insuinfo: person.schemes.map((scheme) => ({
      balc: wireNumber(scheme.scheme === '310' ? context.ledger.balance(person.personNumber) : 0n, 2),
      insutype: scheme.scheme,
      psn_type: scheme.personType,
      psn_insu_stas: scheme.status,
      psn_insu_date: '2012-01-01',
      paus_insu_date: scheme.status === '2' ? '2025-01-01' : null,
      cvlserv_flag: scheme.civilServant ? '1' : '0',
      insuplc_admdvs: person.region,
      emp_name: scheme.employer ?? null,
    })),
    idetinfo: (person.identities ?? []).map((code) => ({
      psn_idet_type: code,
      psn_type_lv: null,
      memo: null,
      begntime: '2020-01-01 00:00:00',
      endtime: null,
    })),
  });
}

/** The person's fields that 1101 and the settlement answers share. */
export function identityFields(person: InsuredPerson, nowMs: number): JsonObject {
  const age = ageText(person.birthDate, businessDay(nowMs)).replace('.', '');
  return {
    psn_cert_type: '01',
    certno: person.certificateNumber,
    psn_name: person.name,
    gend: person.gender,
    naty: person.nation,
    brdy: person.birthDate,
    age: wireNumber(BigInt(age), 1),
  };
}

function matches(person: InsuredPerson, data: Fields, context: AgencyContext): boolean {
  const type = need(data, 'mdtrt_cert_type');
  if (!ownsMedium(person, { type, number: need(data, 'mdtrt_cert_no') }, context)) return false;
  if (type === '03' && person.card?.cardId.toUpperCase() !== data['card_sn']?.toUpperCase()) return false;
  if (data['psn_name'] !== undefined && data['psn_name'] !== person.name) return false;
  return data['certno'] === undefined || data['certno'] === person.certificateNumber;
}
