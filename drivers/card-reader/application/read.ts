import { assert } from '#core/assert';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { equalBytes, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { historicalBytes } from './answer-to-reset.ts';
import {
  externalAuthentication,
  getChallenge,
  internalAuthentication,
  readByTag,
  selectBankEnvironment,
  selectEnvironment,
  selectHolderFile,
  selectIssuerFile,
  statusWord,
} from './apdu.ts';
import { decodeHolder, decodeIssuer, decodeSelection } from './decode.ts';
import { advanceExchange, startExchange } from './exchange.ts';
import { eightBytes, holderItems, type Item, issuerItems, recordValue } from './items.ts';
import type { Learnt, ReadInput, ReadPlace, ReadStart, ReadState, ReadTurn } from './read-state.ts';

const PROOF_LENGTH = 8;
const CHALLENGES = 4;

interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
}

/**
 * Begins to read a card that has just been connected. The reading is a pure reducer: it asks for bytes and
 * gets bytes, in the order select, issuer file, authentication, holder file (card reference 4.1, 4.6 and 5).
 */
export function startRead(start: ReadStart): ReadTurn {
  const learnt: Learnt = {
    issuerValues: {},
    holderValues: {},
    challenges: [],
    authenticated: false,
    warnings: [],
  };
  const state: ReadState = {
    start,
    place: { at: 'end' },
    exchange: startExchange(selectEnvironment),
    learnt,
  };
  return ask(state, { at: 'environment' }, selectEnvironment);
}

/** Takes the answer to the last step. Throws only when called against the order of steps. */
export function advance(state: ReadState, input: ReadInput): ReadTurn {
  const { place } = state;
  assert(place.at !== 'end', 'a finished reading takes no more input');
  if (input.kind === 'proof') {
    assert(place.at === 'proof', 'a proof answers the step that asks for one');
    return proved(state, input.result);
  }
  assert(place.at !== 'proof', 'a card answer answers a command');
  const next = advanceExchange(state.exchange, input.bytes);
  switch (next.kind) {
    case 'broken':
      return fail(state, fault('card-data-invalid', `endless answer at ${place.at}`));
    case 'send':
      return {
        state: { ...state, exchange: next.exchange },
        step: { kind: 'transmit', command: next.exchange.command, ahead: aheadOf(place) },
      };
    case 'complete':
      return answered(state, place, next);
  }
}

function answered(state: ReadState, place: ReadPlace, answer: Answer): ReadTurn {
  // A locked card answers this to everything; on the first SELECT a foreign card may say so too.
  const isFirst = place.at === 'environment' || place.at === 'bank-environment';
  if (!isFirst && answer.status === statusWord.notSupportedOrCardLocked)
    return fail(state, fault('card-locked'));
  if (answer.status === statusWord.applicationLocked) return fail(state, fault('card-application-locked'));
  switch (place.at) {
    case 'environment':
      return environmentSelected(state, answer);
    case 'bank-environment':
      return bankEnvironmentSelected(state, place.environmentStatus, answer);
    case 'issuer-file':
      if (answer.status !== statusWord.ok) return fail(state, fault('card-blank', detailOf(answer)));
      return askIssuerItem(state, 0);
    case 'issuer-item':
      return issuerItemRead(state, place.index, answer);
    case 'challenge':
      return challenged(state, place.index, answer);
    case 'internal':
      return internallyAuthenticated(state, answer);
    case 'external':
      // Stop at the first failure: each further one brings the key nearer to its lock.
      if (answer.status !== statusWord.ok) return fail(state, notGenuine(answer));
      return askHolderFile({ ...state, learnt: { ...state.learnt, authenticated: true } });
    case 'holder-file':
      if (answer.status !== statusWord.ok) return fail(state, holderFault(answer));
      return askHolderItem(state, 0);
    case 'holder-item':
      return holderItemRead(state, place.index, answer);
    case 'proof':
    case 'end':
      assert(false, 'these places take no card answer');
  }
}

function environmentSelected(state: ReadState, answer: Answer): ReadTurn {
  if (answer.status !== statusWord.ok) {
    return ask(state, { at: 'bank-environment', environmentStatus: answer.status }, selectBankEnvironment);
  }
  const algorithm = decodeSelection(answer.data);
  if (!algorithm.ok) return fail(state, algorithm.error);
  const historical = historicalBytes(state.start.atr);
  if (historical === undefined) return fail(state, fault('card-data-invalid', 'answer to reset'));
  const learnt = { ...state.learnt, algorithm: algorithm.value, historical };
  return ask({ ...state, learnt }, { at: 'issuer-file' }, selectIssuerFile);
}

function bankEnvironmentSelected(state: ReadState, environmentStatus: number, answer: Answer): ReadTurn {
  if (answer.status === statusWord.ok) return fail(state, fault('card-bank-only'));
  const isLocked = [environmentStatus, answer.status].every(
    (status) => status === statusWord.notSupportedOrCardLocked,
  );
  if (isLocked) return fail(state, fault('card-locked'));
  return fail(state, fault('card-not-social-security', environmentStatus.toString(16)));
}

function issuerItemRead(state: ReadState, index: number, answer: Answer): ReadTurn {
  const item = issuerItems[index];
  assert(item !== undefined, 'the place names an item');
  const value = answer.status === statusWord.ok ? recordValue(answer.data, item.tag) : undefined;
  if (index === 0 && value === undefined) return fail(state, fault('card-blank', detailOf(answer)));
  const issuerValues = {
    ...state.learnt.issuerValues,
    ...(value === undefined ? {} : { [item.name]: value }),
  };
  const next = { ...state, learnt: { ...state.learnt, issuerValues } };
  return index + 1 < issuerItems.length ? askIssuerItem(next, index + 1) : issuerFileRead(next);
}

function issuerFileRead(state: ReadState): ReadTurn {
  const { learnt, start } = state;
  assert(learnt.algorithm !== undefined && learnt.historical !== undefined, 'the selection came first');
  const decoded = decodeIssuer(learnt.issuerValues, learnt.algorithm, learnt.historical);
  if (!decoded.ok) return fail(state, decoded.error);
  const issuer = decoded.value;
  const isExpired = issuer.expiryDate !== undefined && issuer.expiryDate < start.today;
  if (isExpired && start.refuseExpired === true) return fail(state, fault('card-expired', issuer.expiryDate));
  const warnings = isExpired
    ? [...learnt.warnings, fault('card-expired', issuer.expiryDate)]
    : learnt.warnings;
  const next: ReadState = { ...state, learnt: { ...learnt, issuer, warnings } };
  // Nobody answers for the secret algorithm of early cards, so the card is not even asked.
  if (issuer.algorithm === 'ssf33') return notProved(next, fault('card-algorithm-unsupported', 'ssf33'));
  return ask(next, { at: 'challenge', index: 0 }, getChallenge);
}

function challenged(state: ReadState, index: number, answer: Answer): ReadTurn {
  if (answer.status !== statusWord.ok || answer.data.length !== PROOF_LENGTH)
    return fail(state, notGenuine(answer));
  const challenges = [...state.learnt.challenges, answer.data];
  const next = { ...state, learnt: { ...state.learnt, challenges } };
  const [raw, factor] = challenges;
  if (index === 1) {
    assert(raw !== undefined && factor !== undefined, 'two challenges were taken');
    return ask(next, { at: 'internal' }, internalAuthentication(factor, raw));
  }
  if (index + 1 < CHALLENGES) return ask(next, { at: 'challenge', index: index + 1 }, getChallenge);
  // The card holds its last challenge for the external authentication: nothing may be asked in between.
  return {
    state: { ...next, place: { at: 'proof' } },
    step: { kind: 'authenticate', request: proofRequest(next.learnt) },
  };
}

function internallyAuthenticated(state: ReadState, answer: Answer): ReadTurn {
  // A copied card holds every free file and no key: here it stays silent or answers wrong.
  if (answer.status !== statusWord.ok || answer.data.length !== PROOF_LENGTH)
    return fail(state, notGenuine(answer));
  const next = { ...state, learnt: { ...state.learnt, cardProof: answer.data } };
  return ask(next, { at: 'challenge', index: 2 }, getChallenge);
}

function proofRequest(learnt: Learnt): CardProofRequest {
  const [internalRaw, internalFactor, externalRaw, externalFactor] = learnt.challenges.map(toHex);
  assert(learnt.issuer !== undefined, 'the issuer file was read');
  assert(internalRaw !== undefined && internalFactor !== undefined, 'the internal challenges were taken');
  assert(externalRaw !== undefined && externalFactor !== undefined, 'the external challenges were taken');
  const { region, historicalBytes: historical, algorithm, cardId } = learnt.issuer;
  return {
    region,
    historicalBytes: historical,
    algorithm,
    cardId,
    internalFactor,
    internalRaw,
    externalFactor,
    externalRaw,
  };
}

function proved(state: ReadState, result: Result<CardProof, Fault>): ReadTurn {
  if (!result.ok) {
    // The agency has spoken about this card: that is no outage.
    if (result.error.retry === 'permanent') return fail(state, result.error);
    return notProved(state, fault('card-authentication-unavailable', result.error.code));
  }
  const expected = eightBytes(result.value.internalData);
  const { issuer, cardProof, challenges } = state.learnt;
  assert(issuer !== undefined && cardProof !== undefined, 'the card has proved itself before');
  if (expected === undefined) {
    return notProved(state, fault('card-authentication-unavailable', 'answer is not eight bytes'));
  }
  if (!equalBytes(expected, cardProof)) return fail(state, fault('card-authentication-failed', 'internal'));
  if (issuer.generation !== 3) {
    return askHolderFile({ ...state, learnt: { ...state.learnt, authenticated: true } });
  }
  const external = eightBytes(result.value.externalData);
  const raw = challenges[2];
  assert(raw !== undefined, 'the external challenges were taken');
  if (external === undefined) {
    return notProved(state, fault('card-authentication-unavailable', 'answer is not eight bytes'));
  }
  return ask(state, { at: 'external' }, externalAuthentication(external, raw));
}

/** Nobody could say whether the card is genuine: what then may be read is the caller's rule. */
function notProved(state: ReadState, reason: Fault): ReadTurn {
  if (state.start.authenticate === 'required') return fail(state, reason);
  const warned = { ...state, learnt: { ...state.learnt, warnings: [...state.learnt.warnings, reason] } };
  return state.learnt.issuer?.generation === 3 ? finish(warned) : askHolderFile(warned);
}

function holderItemRead(state: ReadState, index: number, answer: Answer): ReadTurn {
  const item = holderItems[index];
  assert(item !== undefined, 'the place names an item');
  if (answer.status === statusWord.securityNotSatisfied) return fail(state, holderFault(answer));
  const value = answer.status === statusWord.ok ? recordValue(answer.data, item.tag) : undefined;
  const holderValues = {
    ...state.learnt.holderValues,
    ...(value === undefined ? {} : { [item.name]: value }),
  };
  const next = { ...state, learnt: { ...state.learnt, holderValues } };
  if (index + 1 < holderItems.length) return askHolderItem(next, index + 1);
  const decoded = decodeHolder(holderValues);
  if (!decoded.ok) return fail(next, decoded.error);
  const { holder, warnings } = decoded.value;
  return finish({
    ...next,
    learnt: { ...next.learnt, holder, warnings: [...next.learnt.warnings, ...warnings] },
  });
}

function finish(state: ReadState): ReadTurn {
  const { issuer, holder, authenticated, warnings } = state.learnt;
  assert(issuer !== undefined, 'a finished reading knows the issuer');
  const authenticatedBy = authenticated ? (state.start.authenticatedBy ?? 'agency') : 'none';
  const identity = { issuer, ...(holder === undefined ? {} : { holder }), authenticatedBy } as const;
  return { state: { ...state, place: { at: 'end' } }, step: { kind: 'done', identity, warnings } };
}

function fail(state: ReadState, reason: Fault): ReadTurn {
  return { state: { ...state, place: { at: 'end' } }, step: { kind: 'failed', fault: reason } };
}

function ask(state: ReadState, place: ReadPlace, command: Uint8Array): ReadTurn {
  const exchange = startExchange(command);
  return { state: { ...state, place, exchange }, step: { kind: 'transmit', command, ahead: aheadOf(place) } };
}

/** What surely follows a place while the card answers plainly: a file and its records, further challenges. */
function aheadOf(place: ReadPlace): readonly Uint8Array[] {
  switch (place.at) {
    case 'environment':
      return [selectIssuerFile, ...readsOf(issuerItems)];
    case 'issuer-file':
      return readsOf(issuerItems);
    case 'issuer-item':
      return readsOf(issuerItems.slice(place.index + 1));
    case 'holder-file':
      return readsOf(holderItems);
    case 'holder-item':
      return readsOf(holderItems.slice(place.index + 1));
    case 'challenge':
      return place.index % 2 === 0 ? [getChallenge] : [];
    case 'internal':
      return [getChallenge, getChallenge];
    case 'external':
      return [selectHolderFile, ...readsOf(holderItems)];
    default:
      return [];
  }
}

function readsOf(items: readonly Item[]): readonly Uint8Array[] {
  return items.map((item) => readByTag(item.tag, item.length));
}

function askIssuerItem(state: ReadState, index: number): ReadTurn {
  const item = issuerItems[index];
  assert(item !== undefined, 'an item follows');
  return ask(state, { at: 'issuer-item', index }, readByTag(item.tag, item.length));
}

function askHolderFile(state: ReadState): ReadTurn {
  return ask(state, { at: 'holder-file' }, selectHolderFile);
}

function askHolderItem(state: ReadState, index: number): ReadTurn {
  const item = holderItems[index];
  assert(item !== undefined, 'an item follows');
  return ask(state, { at: 'holder-item', index }, readByTag(item.tag, item.length));
}

function notGenuine(answer: Answer): Fault {
  return fault('card-authentication-failed', detailOf(answer));
}

function holderFault(answer: Answer): Fault {
  const isClosed = answer.status === statusWord.securityNotSatisfied;
  return fault(isClosed ? 'card-holder-file-closed' : 'card-data-invalid', detailOf(answer));
}

/** The status word alone: data may be a person's. */
function detailOf(answer: Answer): string {
  return answer.status.toString(16).toUpperCase().padStart(4, '0');
}

/** Whether two readings of free data are of one card (reference 6.2, "different card after a pause"). */
export function isSameCard(
  issuer: CardIssuerData,
  cardId: Uint8Array | undefined,
  cardNumber: Uint8Array | undefined,
): Result<void, Fault> {
  const isSame =
    cardId !== undefined &&
    cardNumber !== undefined &&
    toHex(cardId) === issuer.cardId &&
    Buffer.from(cardNumber).toString('latin1').startsWith(issuer.cardNumber);
  return isSame ? ok(undefined) : err(fault('card-swapped'));
}
