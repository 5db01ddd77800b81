import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { equalBytes, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { internalAuthentication, selectEnvironment, statusWord } from './application/apdu.ts';
import { cardNumberItem, issuerItems } from './application/items.ts';
import { issuerFile } from './application/read.ts';
import type { PresenceQuestion } from './application/read-state.ts';
import { ask } from './card-talk.ts';
import { readRecordFile } from './file-verbs.ts';
import type { CardConnection } from './port.ts';

const [cardId] = issuerItems;
const cardNumber = issuerItems[6];
/** Of the issuer file only what names the card. */
const namesOfCard = { ...issuerFile, items: [cardId, cardNumber] };

/**
 * Whether the connected card is the one of `issuer`: card identification code, card number, and the same
 * answer to the secret question of its read. The free data can be copied; the answer cannot, because the
 * question never left this terminal before. Faults `card-swapped` and the connection's.
 */
export async function sameCard(
  connection: CardConnection,
  issuer: CardIssuerData,
  question?: PresenceQuestion & { readonly answer: Uint8Array },
): Promise<Result<void, Fault>> {
  const selected = await ask(connection, selectEnvironment);
  if (!selected.ok) return selected;
  if (selected.value.status !== statusWord.ok) return swapped('environment');
  const file = await readRecordFile(connection, namesOfCard);
  if (!file.ok) return file;
  if (file.value.kind !== 'done') return swapped('issuer file');
  const { values } = file.value;
  const id = toHex(values.get(cardId.tag) ?? new Uint8Array());
  if (id !== issuer.cardId || cardNumberItem(values.get(cardNumber.tag)) !== issuer.cardNumber)
    return swapped('names another card');
  if (question === undefined) return ok(undefined);
  const answer = await ask(connection, internalAuthentication(question.factor, question.raw));
  if (!answer.ok) return answer;
  const { data, status } = answer.value;
  return status === statusWord.ok && equalBytes(data, question.answer)
    ? ok(undefined)
    : swapped('other answer');
}

function swapped(detail: string): Result<never, Fault> {
  return err(fault('card-swapped', detail));
}
