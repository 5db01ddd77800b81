import { describe, expect, test } from 'vitest';
import { offlineProofContent, readOfflineProof } from '#agency/messages/offline-proof';
import { askedSettlement } from '#agency/messages/settlement-asked';
import type { OfflineProof } from '#core/domain/offline-proof';
import { fen, yuan } from '#core/money';
import { clientFor, context, purchase } from './peer.ts';

const proof: OfflineProof = {
  saleNumber: purchase.saleNumber,
  cardId: `990100D156000005${'0'.repeat(16)}`,
  region: '990100',
  historicalBytes: '0081000002869999010000000C',
  algorithm: 'tdes',
  terminalNumber: '990100000001',
  terminalSequence: '0000002A',
  time: '20250912102950',
  account: yuan('50.00'),
  own: yuan('24.26'),
  pool: yuan('30.14'),
  signature: { kind: 'card-tac', cardSequence: '0007', tac: 'A1B2C3D4', type: '32' },
  blacklistVersion: '0000000003',
  terminal: { keyId: 'A'.repeat(16), signature: 'B'.repeat(128) },
};
const { terminal: _none, ...unsigned } = proof;

describe('the proof of an offline sale in its message', () => {
  test.each([
    ['signed by the card', proof],
    [
      'signed by the module',
      { ...proof, signature: { kind: 'module-mac', mac: '01020304', factor: '0'.repeat(16) } } as const,
    ],
    ['before the terminal signed', unsigned],
  ])('is read back as it was written: %s', (_what, written) => {
    const content = offlineProofContent(written);
    expect(content.ok && readOfflineProof(content.value)).toEqual({ ok: true, value: written });
    expect(content.ok && content.value).toContain('"account":"5000"');
  });

  test('goes with the settlement only, and the settlement still says what it asked', () => {
    const client = clientFor('http://127.0.0.1:9');
    const message = client.prepareSettlement({ ...purchase, offlineProof: proof }, context);
    if (!message.ok) throw new Error(message.error.detail);
    const { input } = JSON.parse(message.value.body) as {
      input: { druginfo: { exp_content: string; invono: string } };
    };
    expect(readOfflineProof(input.druginfo.exp_content)).toEqual({ ok: true, value: proof });
    expect(askedSettlement(message.value)).toMatchObject({
      ok: true,
      value: { total: yuan('104.40'), personNumber: purchase.personNumber },
    });
    const online = client.prepareSettlement(purchase, context);
    expect(online.ok && online.value.body).not.toContain('exp_content');
  });

  test.each([
    ['a negative amount', { ...proof, account: fen(-1n) }, 'account'],
    ['a short card id', { ...proof, cardId: '99' }, 'cardId'],
    ['a time with letters', { ...proof, time: '2025-09-12 10:29' }, 'time'],
  ])('%s is refused before the message is stored, by field and without its value', (_what, wrong, field) => {
    const client = clientFor('http://127.0.0.1:9');
    const message = client.prepareSettlement({ ...purchase, offlineProof: wrong }, context);
    expect(message).toMatchObject({
      ok: false,
      error: {
        code: 'agency-message-invalid',
        detail: expect.stringContaining(`exp_content: offlineProof.${field}`),
      },
    });
  });

  test.each(['', 'x', '{}', '{"offlineProof":{}}', `${'['.repeat(500)}`, '{"offlineProof":null,"more":1}'])(
    'a content that is none is a reason, not an exception: %s',
    (text) => {
      expect(readOfflineProof(text)).toMatchObject({ ok: false });
    },
  );
});
