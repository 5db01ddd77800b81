import type { CardStatus } from '#agency/port';
import { authenticationData } from '../../cards/card-keys.ts';
import { need } from '../basket-check.ts';
import { type AgencyContext, cardStatus, done, type Outcome, refused } from '../context.ts';
import type { CheckedRequest } from '../request.ts';

const statusCodes: Readonly<Record<CardStatus, string>> = {
  valid: '1',
  lost: '2',
  replaced: '3',
  cancelled: '4',
  'not-activated': '5',
};

/**
 * 1903 内部认证: the encryption machine computes what a genuine card answers and what opens its holder file
 * (card reference 4.6). It knows no cards, only root keys; a forged card fails by its own answer.
 */
export function authenticateCard(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  const number = need(data, 'aaa254');
  if (number === '02') return refused('加密机不支持该卡算法', 'cardServiceBO_1903', 'data.aaa254');
  const region = need(data, 'aab301');
  if (!need(data, 'aaz501').startsWith(region))
    return refused('发卡地区与卡识别码不符', 'cardServiceBO_1903', 'data.aab301');
  const algorithm = number === '03' ? 'sm4' : 'tdes';
  const card = { region, historicalBytes: need(data, 'aaz507') };
  const answer = (key: string, factor: string, raw: string): string =>
    authenticationData(algorithm, key, card, need(data, factor), need(data, raw)) +
    need(data, raw).toUpperCase();
  return done({
    result: {
      aaa315: answer(context.hsm.internal, 'aaa311', 'aaa312'),
      aaa316: answer(context.hsm.reading, 'aaa313', 'aaa314'),
    },
  });
}

/** 1904: whether the card is valid, lost, replaced, cancelled or not activated. */
export function queryCardStatus(request: CheckedRequest, context: AgencyContext): Outcome {
  const data = request.nodes['data'] ?? {};
  const cardId = need(data, 'aaz501');
  const holder = [...context.persons.values()].find(
    ({ card }) => card?.cardId.toUpperCase() === cardId.toUpperCase(),
  );
  const status = cardStatus(context, cardId);
  if (holder?.card?.cardNumber !== need(data, 'aaz500') || status === undefined)
    return refused('未查询到该社会保障卡', 'cardServiceBO_1904');
  return done({ result: { aaz502: statusCodes[status] } });
}
