import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LinkResult } from '#agency/link';
import { faultTable } from '#core/fault';
import { answerText, fixture } from './fixtures.ts';
import { clientFor, context, purchase } from './peer.ts';

/** A client whose every answer is this text. */
function clientWith(text: string, status = 200) {
  const answered: LinkResult = {
    kind: 'answered',
    status,
    body: new TextEncoder().encode(text),
    lastByteAtMs: 0,
  };
  return clientFor('http://127.0.0.1:1', { link: { send: async () => answered } });
}

/** Every question and every money message against one answer. */
async function everything(text: string, status = 200): Promise<{ kind: string; code: string }[]> {
  const client = clientWith(text, status);
  const card = { region: '990100', cardId: '9'.repeat(32), cardNumber: 'A1' };
  const settlement = client.prepareSettlement(purchase, context);
  const cancel = client.prepareCancel(
    { personNumber: 'N1', insuredRegion: '990199', visitId: 'V1', settlementId: 'S1' },
    context,
  );
  const keyId = 'A'.repeat(16);
  const publicKey = `04${'B'.repeat(128)}`;
  const day = { businessDay: '2025-09-12', clearingOffice: '990199', clearingType: '41', rows: [] };
  if (!settlement.ok || !cancel.ok) throw new Error('the messages fit');
  const outcomes = await Promise.all([
    client.signIn(context),
    client.signOut(context),
    client.person({ medium: 'identity-number', mediumNumber: '990101197503150008' }, context),
    client.cardStatus(card, context),
    client.authenticateCard(
      {
        ...card,
        historicalBytes: '0'.repeat(26),
        algorithm: 'tdes',
        internalFactor: '1'.repeat(16),
        internalRaw: '2'.repeat(16),
        externalFactor: '3'.repeat(16),
        externalRaw: '4'.repeat(16),
      },
      context,
    ),
    client.trial(purchase, context),
    client.sendSettlement(settlement.value),
    // Of its own: to one client the same refusal of two money messages is a stray one.
    clientWith(text, status).sendCancel(cancel.value),
    client.reconcileDetail(day, context),
    client.decodeCertificate('2800000000000000000000009901', context),
    client.terminalKey({ action: 'enrol', keyId, publicKey, enrolmentCode: 'AB12-CD34' }, context),
    client.blacklist('', context),
  ]);
  return outcomes.map((outcome) => ({
    kind: outcome.kind,
    code: outcome.kind === 'success' ? 'none' : outcome.fault.code,
  }));
}

describe('hostile answers', () => {
  test('random JSON gives every message one of the three outcomes with a known code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 5 }), fc.integer({ min: 100, max: 599 }), async (text, status) => {
        for (const { code } of await everything(text, status)) {
          expect(code === 'none' || Object.hasOwn(faultTable, code)).toBe(true);
        }
      }),
      { numRuns: 60, verbose: 1 },
    );
  });

  test('random nodes inside a good envelope never make a settlement a refusal', async () => {
    const node = fc.json({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(node, node, node, async (info, funds, lines) => {
        const text = `{"infcode":0,"output":{"setlinfo":${info},"setldetail":${funds},"detlcutinfo":${lines}}}`;
        const outcomes = await everything(text);
        expect(outcomes[6]).toMatchObject({ kind: 'unknown', code: 'agency-garbled' });
      }),
      { numRuns: 60, verbose: 1 },
    );
  });

  test('any one value of a good answer replaced by anything never makes a settlement a refusal', async () => {
    const good = answerText('settlement', '2102');
    const values = [...good.matchAll(/:(?:-?\d[\d.]*|"[^"]*"|null)(?=[,}])/g)].map((match) => ({
      at: match.index + 1,
      length: match[0].length - 1,
    }));
    const outputStart = good.indexOf('"output"');
    const inside = values.filter((value) => value.at > outputStart);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...inside), fc.json({ maxDepth: 2 }), async (value, replacement) => {
        const text = good.slice(0, value.at) + replacement + good.slice(value.at + value.length);
        const client = clientWith(text);
        const message = client.prepareSettlement(purchase, context);
        const outcome = message.ok ? await client.sendSettlement(message.value) : undefined;
        expect(outcome?.kind).not.toBe('refused');
      }),
      { numRuns: 300, verbose: 1 },
    );
  });

  test('the three known shapes of refusal are refusals for every message', async () => {
    for (const exchange of fixture('refusals')) {
      for (const outcome of await everything(JSON.stringify(exchange.response))) {
        expect(outcome.kind).toBe('refused');
      }
    }
  });

  test('a link that breaks its promise and throws leaves a money message unknown', async () => {
    const client = clientFor('http://127.0.0.1:1', {
      link: { send: () => Promise.reject(new Error('broken')) },
    });
    const message = client.prepareSettlement(purchase, context);
    const outcome = message.ok ? await client.sendSettlement(message.value) : undefined;
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'agency-no-answer' } });
  });

  test('a stored message that is damaged or not its own is refused and not sent', async () => {
    const client = clientWith('{"infcode":0}');
    const message = client.prepareSettlement(purchase, context);
    if (!message.ok) throw new Error('the message fits');
    const other = message.value.messageId.replace(/.$/, (last) => (last === '9' ? '8' : '9'));
    for (const damaged of [
      { ...message.value, body: message.value.body.slice(0, -5) },
      { ...message.value, body: '{}' },
      { ...message.value, messageId: other },
    ]) {
      expect(await client.sendSettlement(damaged)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-message-invalid' },
        answer: '',
      });
    }
  });

  test('no fault carries what the agency or the holder said', async () => {
    const text = '{"infcode":-1,"err_msg":"参保人甲虚构990101197503150008不存在"}';
    const client = clientWith(text);
    const outcome = await client.trial(purchase, context);
    expect(outcome.kind === 'refused' && JSON.stringify(outcome.fault)).not.toMatch(/甲虚构|99010119750315/);
  });
});
