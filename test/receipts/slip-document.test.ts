import { describe, expect, test } from 'vitest';
import { journalCodeText, parseJournalCode } from '#core/journal-code';
import { sumMoney, yuan, zeroMoney } from '#core/money';
import { checkText } from '#receipts/document';
import { slipDocument } from '#receipts/from-sale';
import { maskName, maskNumber } from '#receipts/mask';
import { slipPreview } from '#receipts/preview';
import {
  sampleDocument,
  sampleInput,
  sampleProof,
  sampleSale,
  sampleSettlement,
  slipKinds,
} from './sample-slips.ts';

describe('masking', () => {
  test('names keep their first character and never tell how long they are', () => {
    expect(['张三', '欧阳试样', '买买提·吐尔逊', '样', ''].map(maskName)).toEqual([
      '张*',
      '欧**',
      '买**',
      '*',
      '*',
    ]);
  });

  test('numbers keep six and two, short ones the last four, the shortest nothing', () => {
    expect(['990100196001010010', '99A123456', '1234', ''].map(maskNumber)).toEqual([
      '990100********10',
      '*****3456',
      '****',
      '',
    ]);
  });

  test('no kind of slip carries the full name, person number, card number or certificate', () => {
    const { holder } = sampleSale;
    for (const kind of slipKinds) {
      for (const columns of [32, 48] as const) {
        const { text, svg } = slipPreview(sampleDocument(kind), { columns });
        const document = JSON.stringify(sampleDocument(kind), (_, value) =>
          String(value) === '' ? '' : typeof value === 'bigint' ? String(value) : value,
        );
        for (const secret of [
          holder?.name,
          holder?.personNumber,
          holder?.mediumNumber,
          holder?.certificateNumber,
        ]) {
          expect(text).not.toContain(secret);
          expect(svg).not.toContain(secret);
          expect(document).not.toContain(secret);
        }
      }
    }
  });
});

describe('the document of a sale', () => {
  test('its parts add up, on every kind', () => {
    for (const kind of slipKinds) {
      const { split, lines } = sampleDocument(kind);
      expect(sumMoney([split.outOfScope, split.overCeiling, split.firstSelfPay, split.inScope])).toBe(
        split.total,
      );
      expect(sumMoney([split.fundTotal, split.account, split.cash])).toBe(split.total);
      expect(sumMoney(lines.map((line) => line.amount))).toBe(split.total);
    }
  });

  test('a cancellation is negative throughout and names the sale that it gives back', () => {
    const document = sampleDocument('cancellation');
    expect(document.split).toMatchObject({
      total: yuan('-89.80'),
      account: yuan('-44.25'),
      cash: yuan('-20.00'),
    });
    expect(document.lines.every((line) => line.amount < 0n && line.quantity < 0n)).toBe(true);
    expect(document).toMatchObject({ originalSaleNumber: sampleSale.saleNumber, secondOperator: '900 王样' });
    expect(document.soldAt).toBe('2026-03-05 10:30:30');
  });

  test.each([32, 48] as const)(
    'on %d columns the sale of kept goods names the first one whole; given back itself, only its own',
    (columns) => {
      const replaces = { saleId: 'first', saleNumber: '26112301000123456789', mode: 'insured' } as const;
      const slip = (kind: 'settlement' | 'cancellation') => {
        const input = sampleInput(kind);
        return slipPreview(slipDocument({ ...input, sale: { ...input.sale, replaces } }), { columns }).text;
      };
      expect(slip('settlement')).toMatch(/部分退货[\s\S]*原流水号\s+26112301000123456789\n/);
      expect(slip('cancellation')).not.toContain(replaces.saleNumber);
    },
  );

  test('the sums of a cancellation are those that the agency answered', () => {
    const input = sampleInput('cancellation');
    const facts = {
      visitId: 'v',
      settlementId: 's',
      total: yuan('-89.80'),
      fundTotal: zeroMoney,
      account: zeroMoney,
    };
    const cancellation = { atMs: 0, second: sampleSale.operator, reason: '退货', facts };
    expect(slipDocument({ ...input, cancellation }).split.cash).toBe(yuan('-89.80'));
  });

  test('an own-pay sale that no policy looked at is all cash', () => {
    expect(sampleDocument('own-pay').split).toMatchObject({ total: yuan('89.80'), cash: yuan('89.80') });
  });

  test('an offline slip says what is owed, who bears a refusal and that it is uploaded later', () => {
    const document = sampleDocument('offline');
    expect(document.offline?.owed).toBe(yuan('69.80'));
    const { text } = slipPreview(document, { columns: 48 });
    for (const words of ['脱机结算', '待医保确认金额', '69.80', '恢复联网后上传', '如被拒付', '1A2B3C4D']) {
      expect(text).toContain(words);
    }
  });

  test('a disputed settlement says that it is under check', () => {
    const document = sampleDocument('settlement', { sale: { ...sampleSale, state: 'disputed' } });
    expect(slipPreview(document, { columns: 32 }).text).toContain('金额待核实');
  });

  test('a copy says 补打 with its number, a training slip 不作凭证, an original neither', () => {
    const original = slipPreview(sampleDocument('settlement'), { columns: 32 }).text;
    expect(original).not.toMatch(/补打|训练/);
    const copy = sampleDocument('settlement', { copyNumber: 2, training: true });
    expect(slipPreview(copy, { columns: 32 }).text).toMatch(/训练票 · 不作凭证[\s\S]*补打 第2次/);
  });

  test('every policy behind the amounts is named with its version, and deductible and fund are explained', () => {
    const document = sampleDocument('settlement');
    expect(document.policies).toEqual(['示例市职工门诊办法 2026-1']);
    expect(document.reasons).toHaveLength(2);
  });

  test('the check code is short enough to type, and what is typed or scanned finds the journal entry', () => {
    const document = sampleDocument('settlement');
    const { check } = document;
    expect(check).toEqual({ sequence: 1207, code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10}$/) });
    const scanned = checkText(document) ?? '';
    expect(scanned).toBe(`GUITAI1/P99010100001/260305T010000001/1207/${check?.code}`);
    expect(parseJournalCode(scanned)).toEqual(check);
    expect(parseJournalCode(check === undefined ? '' : journalCodeText(check).toLowerCase())).toEqual(check);
  });

  test('a kind without the facts that it needs is a bug of the caller', () => {
    const { split: _, ...unsplit } = sampleSale;
    const { settlement: __, ...input } = sampleInput('settlement');
    expect(() => slipDocument({ ...input, sale: unsplit })).toThrow();
    const { offline: ___, ...offline } = sampleInput('offline');
    expect(() => slipDocument(offline)).toThrow();
    const { cancellation: ____, ...cancelled } = sampleInput('cancellation');
    expect(() => slipDocument(cancelled)).toThrow();
  });
});

describe('who was there and what signed', () => {
  const { columns } = { columns: 48 } as const;

  test('someone who acts for the holder is named by relation, masked like the holder', () => {
    const sale = {
      ...sampleSale,
      actingPerson: { relation: 'child', name: '李代办', identityNumber: '990100198001010017' },
    } as const;
    const { text } = slipPreview(sampleDocument('settlement', { sale }), { columns });
    expect(text).toContain('代办人 李**（子女）');
    expect(text).toContain('990100********17');
    expect(text).not.toContain('990100198001010017');
    expect(text).not.toContain('李代办');
  });

  test('an identity number typed by hand leaves its reason on the slip', () => {
    const holder = {
      ...sampleHolder(),
      medium: 'identity-number',
      mediumNumber: '990100**********10',
    } as const;
    const sale = { ...sampleSale, holder, manualReason: '卡片遗失补办中' };
    const { text } = slipPreview(sampleDocument('settlement', { sale }), { columns });
    expect(text).toContain('身份证');
    expect(text).toContain('人工录入证件号：卡片遗失补办中');
  });

  test('an electronic certificate is named as the medium', () => {
    const holder = {
      ...sampleHolder(),
      medium: 'electronic-certificate',
      mediumNumber: 'TOKEN00000000000000001',
    } as const;
    const { text } = slipPreview(sampleDocument('settlement', { sale: { ...sampleSale, holder } }), {
      columns,
    });
    expect(text).toContain('医保电子凭证');
    expect(text).not.toContain('TOKEN00000000000000001');
  });

  test('the module is named as what it proves: the terminal and not the card', () => {
    const signature = { kind: 'module-mac', mac: '99AA00BB', factor: '0011223344556677' } as const;
    const input = sampleInput('offline');
    const sale = { ...input.sale, offlineProof: { ...sampleProof, signature } };
    const { text } = slipPreview(slipDocument({ ...input, sale }), { columns });
    expect(text).toContain('本机安全模块签名（不证明卡片） 99AA00BB');
    expect(text).toContain('990100000001');
    expect(text).toContain('0000002A');
    expect(text).not.toContain('TAC');
  });

  test("a relative's account has a row of its own, and the parts still make the whole", () => {
    const family = yuan('4.25');
    const split = { ...sampleSettlement.split, familyAccount: family, account: yuan('40.00') };
    const document = sampleDocument('settlement', { settlement: { ...sampleSettlement, split } });
    const { split: parts } = document;
    expect(sumMoney([parts.fundTotal, parts.account, parts.familyAccount ?? zeroMoney, parts.cash])).toBe(
      parts.total,
    );
    const { text } = slipPreview(document, { columns });
    expect(text).toMatch(/共济账户支付 +4\.25/);
  });
});

function sampleHolder() {
  const { holder } = sampleSale;
  if (holder === undefined) throw new Error('the sample sale has a holder');
  return holder;
}
