import { assert } from '#core/assert';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { equalBytes } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import {
  getChallenge,
  queryPinTries,
  readByTag,
  selectEnvironment,
  selectIssuerFile,
  statusWord,
} from './application/apdu.ts';
import { advanceExchange, startExchange } from './application/exchange.ts';
import { issuerItems, recordValue } from './application/items.ts';
import { pinFault, pinOutcome, pinState, verifyPinCommand } from './application/pin.ts';
import { advance, isSameCard, startRead } from './application/read.ts';
import type { ReadInput } from './application/read-state.ts';
import type {
  CardAuthenticator,
  CardConnection,
  CardRead,
  CardReadOptions,
  PinOutcome,
  PinState,
} from './port.ts';

const CHALLENGE_LENGTH = 8;

/**
 * Reads and authenticates the connected card by running the application's reducer over it. A card pulled on
 * the way fails the whole reading: nothing learnt so far is handed out.
 */
export async function readCard(
  connection: CardConnection,
  authenticator: CardAuthenticator,
  options: CardReadOptions,
): Promise<Result<CardRead, Fault>> {
  let turn = startRead({ ...options, atr: connection.atr });
  /** Answers to commands that were sent ahead of their turn. */
  let early: readonly EarlyAnswer[] = [];
  for (;;) {
    const { step } = turn;
    if (step.kind === 'failed') return err(step.fault);
    if (step.kind === 'done') {
      const { identity, warnings } = step;
      return ok({ reader: connection.reader, insertion: connection.insertion, identity, warnings });
    }
    let input: ReadInput;
    if (step.kind === 'authenticate') {
      input = { kind: 'proof', result: await authenticator(step.request) };
    } else {
      if (early.length === 0) {
        const commands = [step.command, ...step.ahead];
        const sent = await connection.transmitAll(commands);
        if (!sent.ok) return sent;
        early = sent.value.map((answer, index) => ({ command: commands[index], answer }));
      }
      const [next, ...rest] = early;
      assert(next?.command !== undefined, 'a sent command has an answer');
      assert(equalBytes(next.command, step.command), 'what was sent ahead is what the reading asks next');
      early = rest;
      input = { kind: 'answer', bytes: next.answer };
    }
    turn = advance(turn.state, input);
  }
}

interface EarlyAnswer {
  readonly command: Uint8Array | undefined;
  readonly answer: Uint8Array;
}

/** Tries left of the card's PIN, without using one. */
export async function readPinState(connection: CardConnection): Promise<Result<PinState, Fault>> {
  const selected = await selectSocialSecurity(connection);
  if (!selected.ok) return selected;
  const answer = await exchange(connection, queryPinTries);
  return answer.ok ? pinState(answer.value.status) : answer;
}

/** Checks the holder's PIN on the card. The PIN belongs to the environment, which is selected first. */
export async function verifyCardPin(
  connection: CardConnection,
  pin: string,
): Promise<Result<PinOutcome, Fault>> {
  const command = verifyPinCommand(pin);
  if (!command.ok) return command;
  const selected = await selectSocialSecurity(connection);
  if (!selected.ok) return selected;
  const answer = await exchange(connection, command.value);
  command.value.fill(0);
  return answer.ok ? pinOutcome(answer.value.status) : answer;
}

/**
 * Whether the connected card is the one of `issuer`: environment, card identification code and card number,
 * and a fresh challenge, which no remembered answer can give. Faults `card-swapped` and the connection's.
 */
export async function sameCard(
  connection: CardConnection,
  issuer: CardIssuerData,
): Promise<Result<void, Fault>> {
  for (const command of [selectEnvironment, selectIssuerFile]) {
    const selected = await exchange(connection, command);
    if (!selected.ok) return selected;
    if (selected.value.status !== statusWord.ok) return err(fault('card-swapped'));
  }
  const values: (Uint8Array | undefined)[] = [];
  for (const item of issuerItems) {
    if (item.name !== 'cardId' && item.name !== 'cardNumber') continue;
    const record = await exchange(connection, readByTag(item.tag, item.length));
    if (!record.ok) return record;
    values.push(recordValue(record.value.data, item.tag));
  }
  const compared = isSameCard(issuer, values[0], values[1]);
  if (!compared.ok) return compared;
  const challenge = await exchange(connection, getChallenge);
  if (!challenge.ok) return challenge;
  const isFresh =
    challenge.value.status === statusWord.ok && challenge.value.data.length === CHALLENGE_LENGTH;
  return isFresh ? ok(undefined) : err(fault('card-swapped', 'no challenge'));
}

async function selectSocialSecurity(connection: CardConnection): Promise<Result<void, Fault>> {
  const selected = await exchange(connection, selectEnvironment);
  if (!selected.ok) return selected;
  return selected.value.status === statusWord.ok ? ok(undefined) : err(pinFault(selected.value.status));
}

async function exchange(
  connection: CardConnection,
  command: Uint8Array,
): Promise<Result<{ readonly data: Uint8Array; readonly status: number }, Fault>> {
  let current = startExchange(command);
  for (;;) {
    const answer = await connection.transmit(current.command);
    if (!answer.ok) return answer;
    const next = advanceExchange(current, answer.value);
    if (next.kind === 'complete') return ok(next);
    if (next.kind === 'broken') return err(fault('card-data-invalid', 'endless answer'));
    current = next.exchange;
  }
}
