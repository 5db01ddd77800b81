import { businessDateTime, compactDateTime } from '#core/business-time';
import { type OfflineProof, offlineProofText } from '#core/domain/offline-proof';
import { terminalKeyText } from '#core/domain/terminal-key';
import { fen } from '#core/money';
import { generateSm2, type Sm2KeyPair, signSm2, sm2KeyId } from '#core/sm2';
import type { InsuredPerson } from '#simulators/agency/person';
import type { AgencySimulator } from '#simulators/agency/simulator';
import { insuredHolder } from '#simulators/agency/training-persons';
import { expectedModuleMac, expectedTac } from '#simulators/cards/offline-codes';
import { trainingPersons } from '#simulators/cards/training-cards';
import type { Answer, Caller, Line } from './caller.ts';
import { totalOf } from './caller.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A terminal's key pair and what it asks of G001. */
export class TestKey {
  readonly pair: Sm2KeyPair = generateSm2();
  readonly keyId = sm2KeyId(this.pair.publicKey);

  enrol(caller: Caller, code: string): Promise<Answer> {
    return caller.call('G001', { data: { ...this.#named('1'), enrl_code: code } });
  }

  /** This key takes the place of `old`, or is revoked in its name. */
  change(caller: Caller, action: 'rotate' | 'revoke', old: TestKey): Promise<Answer> {
    const { keyId } = this;
    const { publicKey } = this.pair;
    const text = terminalKeyText({ action, keyId, publicKey, oldKeyId: old.keyId });
    return caller.call('G001', {
      data: {
        ...this.#named(action === 'rotate' ? '2' : '3'),
        old_key_id: old.keyId,
        old_key_sign: signSm2(bytes(text), old.pair),
      },
    });
  }

  sign(proof: OfflineProof): OfflineProof {
    const signature = signSm2(bytes(offlineProofText(proof)), this.pair);
    return { ...proof, terminal: { keyId: this.keyId, signature } };
  }

  #named(action: string): Record<string, string> {
    return { key_oper: action, key_id: this.keyId, pub_key: this.pair.publicKey };
  }
}

/** A key that the agency has enrolled. */
export async function enrolledKey(agency: AgencySimulator, caller: Caller): Promise<TestKey> {
  const key = new TestKey();
  const answer = await key.enrol(caller, agency.control.issueEnrolmentCode());
  if (answer.infcode !== '0') throw new Error(answer.text);
  return key;
}

export const offlineHolder: InsuredPerson = insuredHolder('offline-card');

/** What the card of the offline holder signs for a sale; own pay is what neither account nor pool pays. */
export function cardProof(
  sale: {
    readonly number: string;
    readonly atMs: number;
    readonly total: bigint;
    readonly account: bigint;
    readonly sequence?: string;
  },
  signedBy: OfflineProof['signature']['kind'] = 'card-tac',
): OfflineProof {
  const card = trainingPersons.find(({ trainingCardId }) => trainingCardId === 'offline-card');
  if (card === undefined || card.algorithm === 'ssf33') throw new Error('the offline card is in the box');
  const facts = {
    saleNumber: sale.number,
    cardId: card.cardId,
    region: card.region,
    historicalBytes: card.historicalBytes,
    algorithm: card.algorithm,
    terminalNumber: '990100000001',
    terminalSequence: sale.sequence ?? '0000002A',
    time: compactDateTime(sale.atMs),
    account: fen(sale.account),
    own: fen(sale.total - sale.account),
    pool: fen(0n),
    blacklistVersion: '0000000001',
  };
  const factor = '00112233445566FF';
  const signature =
    signedBy === 'card-tac'
      ? ({
          kind: 'card-tac',
          cardSequence: '0007',
          tac: expectedTac({ ...facts, type: '32' }),
          type: '32',
        } as const)
      : ({ kind: 'module-mac', mac: expectedModuleMac({ ...facts, factor }), factor } as const);
  return { ...facts, signature };
}

/** The text of `exp_content`. */
export function contentOf(proof: unknown): string {
  return JSON.stringify({ offlineProof: proof }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** The upload of an offline sale by card. */
export function upload(
  caller: Caller,
  lines: readonly Line[],
  sale: { readonly number: string; readonly atMs: number },
  content: string | undefined,
  more: Record<string, unknown> = {},
): Promise<Answer> {
  return caller.post(
    '2102',
    caller.settlement(offlineHolder, lines, sale.number, {
      mdtrt_cert_type: '03',
      mdtrt_cert_no: offlineHolder.card?.cardNumber,
      begntime: businessDateTime(sale.atMs),
      ...(content === undefined ? {} : { exp_content: content }),
      ...more,
    }),
  );
}

export { totalOf };
