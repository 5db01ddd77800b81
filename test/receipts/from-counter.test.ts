import { describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { formatMoney, subtractMoney, sumMoney, yuan } from '#core/money';
import { consentDocument, refusalDocument } from '#receipts/from-counter';
import { slipPreview } from '#receipts/preview';
import { consent, counterFacts } from './sample-papers.ts';
import { sampleDocument, sampleSale, sampleSettlement } from './sample-slips.ts';

const quoted = sampleSale.split ?? expect.unreachable('the sample sale is quoted');

describe('own-pay consent (自费知情同意)', () => {
  test('names exactly the lines of which the insurance leaves a part, and their own parts add up', () => {
    expect(consent?.lines.map(({ shopCode }) => shopCode)).toEqual(['S0002', 'S0003', 'S0004']);
    expect(consent?.own).toBe(subtractMoney(quoted.total, quoted.inScope));
    expect(consent?.own).toBe(sumMoney(consent?.lines.map((line) => line.parts?.own ?? line.amount) ?? []));
  });

  test('is not needed where every line is in scope', () => {
    const [line] = sampleSale.lines;
    const [part] = quoted.lines;
    const lines = line === undefined ? [] : [line];
    const split = { ...quoted, lines: part === undefined ? [] : [part] };
    expect(consentDocument(counterFacts, { ...sampleSale, lines }, split)).toBeUndefined();
  });

  test('shows neither the holder nor who acts for them by name or number', () => {
    const { text } = slipPreview(consent ?? expect.unreachable('a consent'), { columns: 48 });
    for (const secret of ['张试样', '张试女', '990100199001010010', '99A123456'])
      expect(text).not.toContain(secret);
  });
});

describe('refusal (拒付凭条)', () => {
  test('carries code, sentence, the words of the agency and the next step, whole on narrow paper too', () => {
    const why = fault('card-reported-lost');
    const document = refusalDocument(counterFacts, why, { sale: sampleSale, agencyText: '该卡已挂失' });
    const plain = slipPreview(document, { columns: 32 }).text.replaceAll(/\s/g, '');
    for (const words of [why.code, why.zh, why.nextZh, '该卡已挂失'])
      expect(plain).toContain(words.replaceAll(/\s/g, ''));
  });

  test('is never made of an outcome that is not known', () => {
    expect(() => refusalDocument(counterFacts, fault('agency-no-answer'))).toThrow(/unknown outcome/);
  });
});

test('what the institution bears itself (quota, C9) stands on the slip, so that it adds up', () => {
  const split = { ...quoted, institution: yuan('7.00'), cash: yuan('13.00') };
  const document = sampleDocument('settlement', { settlement: { ...sampleSettlement, split } });
  const { total, fundTotal, account, cash, institution } = document.split;
  expect(sumMoney([fundTotal, account, cash, institution ?? yuan('0')])).toBe(total);
  expect(slipPreview(document, { columns: 48 }).text).toMatch(/本机构承担 +7\.00/);
  const given = sampleDocument('cancellation', {
    settlement: { ...sampleSettlement, split },
  });
  expect(formatMoney(given.split.institution ?? yuan('0'))).toBe('-7.00');
  expect(formatMoney(given.split.cash)).toBe('-13.00');
});
