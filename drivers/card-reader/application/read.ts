import { assert } from '#core/assert';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { CardIssuerData } from '#core/domain/holder';
import { type Fault, fault } from '#core/fault';
import { equalBytes, toHex } from '#core/hex';
import type { Result } from '#core/result';
import { historicalBytes } from './answer-to-reset.ts';
import {
  externalAuthentication,
  getChallenge,
  internalAuthentication,
  keyNumber,
  selectBankEnvironment,
  selectEnvironment,
  statusText,
  statusWord,
} from './apdu.ts';
import { decodeHolder, decodeIssuer, decodeSelection } from './decode.ts';
import { advanceExchange, startExchange } from './exchange.ts';
import { cardNumberCheckFits, eightBytes, holderItems, issuerItems, namedValues } from './items.ts';
import {
  advanceFileReading,
  type FileReading,
  type FileStep,
  isReadRecord,
  laterCommands,
  type RecordFile,
  startFileReading,
} from './read-file.ts';
import type { Learnt, ReadInput, ReadPlace, ReadStart, ReadState, ReadTurn } from './read-state.ts';

/** Issuer data (发卡机构数据) and holder data (持卡人基本信息) of the environment. */
export const issuerFile: RecordFile = {
  fid: 'EF05',
  sfi: 0x05,
  items: issuerItems,
  firstRequired: true,
  mostRecords: issuerItems.length,
};
const holderFile: RecordFile = {
  fid: 'EF06',
  sfi: 0x06,
  items: holderItems,
  firstRequired: true,
  mostRecords: holderItems.length,
};
const PROOF_LENGTH = 8;

interface Answer {
  readonly data: Uint8Array;
  readonly status: number;
}

/**
 * Begins to read a card that has just been connected. The reading is a pure reducer: it asks for bytes and
 * gets bytes, in the order select, issuer file, authentication, holder file (card reference 4.1, 4.6 and 5).
 * Logs of public software take all four values of the two authentications from the card; the standard leaves
 * three of them to the terminal, and there they belong (`ReadStart.chosen`).
 */
export function startRead(start: ReadStart): ReadTurn {
  const learnt: Learnt = { authenticated: false, warnings: [] };
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
        step: { kind: 'transmit', command: next.exchange.command },
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
    case 'issuer':
      return issuerStep(state, advanceFileReading(place.reading, answer));
    case 'challenge':
      return challenged(state, answer);
    case 'internal':
      return internallyAuthenticated(state, answer);
    case 'external':
      // Stop at the first failure: each further one brings the key nearer to its lock.
      if (answer.status !== statusWord.ok) return fail(state, notGenuine(answer));
      return askHolderFile({ ...state, learnt: { ...state.learnt, authenticated: true } });
    case 'holder':
      return holderStep(state, advanceFileReading(place.reading, answer));
    case 'question':
      return questioned(state, answer);
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
  return issuerStep({ ...state, learnt }, startFileReading(issuerFile));
}

function bankEnvironmentSelected(state: ReadState, environmentStatus: number, answer: Answer): ReadTurn {
  if (answer.status === statusWord.ok) return fail(state, fault('card-bank-only'));
  const isLocked = [environmentStatus, answer.status].every(
    (status) => status === statusWord.notSupportedOrCardLocked,
  );
  if (isLocked) return fail(state, fault('card-locked'));
  return fail(state, fault('card-not-social-security', environmentStatus.toString(16)));
}

function issuerStep(state: ReadState, step: FileStep): ReadTurn {
  if (step.kind === 'transmit') return ask(state, { at: 'issuer', reading: step.reading }, step.command);
  if (step.kind === 'refused') return fail(state, fault('card-blank', statusText(step.status)));
  const { learnt } = state;
  assert(learnt.algorithm !== undefined && learnt.historical !== undefined, 'the selection came first');
  const values = namedValues(issuerItems, step.values);
  const decoded = decodeIssuer(values, learnt.algorithm, learnt.historical);
  if (!decoded.ok) return fail(state, decoded.error);
  return issuerKnown(state, decoded.value);
}

function issuerKnown(state: ReadState, issuer: CardIssuerData): ReadTurn {
  const { learnt, start } = state;
  const isExpired = issuer.expiryDate !== undefined && issuer.expiryDate < start.today;
  if (isExpired && start.refuseExpired === true) return fail(state, fault('card-expired', issuer.expiryDate));
  const warnings = [
    ...learnt.warnings,
    ...(isExpired ? [fault('card-expired', issuer.expiryDate)] : []),
    // Some cities issued numbers with another character: never a reason to refuse.
    ...(cardNumberCheckFits(issuer.cardNumber) ? [] : [fault('card-number-check')]),
  ];
  const next: ReadState = { ...state, learnt: { ...learnt, issuer, warnings } };
  // Nobody answers for the secret algorithm of early cards, so the card is not even asked.
  if (issuer.algorithm === 'ssf33') return notProved(next, fault('card-algorithm-unsupported', 'ssf33'));
  return ask(next, { at: 'internal' }, questionOfProof(next));
}

/** INTERNAL AUTHENTICATION over values that this terminal alone chose. */
function questionOfProof({ start: { chosen } }: ReadState): Uint8Array {
  return internalAuthentication(chosen.internalFactor, chosen.internalRaw);
}

function internallyAuthenticated(state: ReadState, answer: Answer): ReadTurn {
  // A copied card holds every free file and no key: here it stays silent or answers wrong.
  if (answer.status !== statusWord.ok || answer.data.length !== PROOF_LENGTH)
    return fail(state, notGenuine(answer));
  const next = { ...state, learnt: { ...state.learnt, cardProof: answer.data } };
  return ask(next, { at: 'challenge' }, getChallenge);
}

function challenged(state: ReadState, answer: Answer): ReadTurn {
  if (answer.status !== statusWord.ok || answer.data.length !== PROOF_LENGTH)
    return fail(state, notGenuine(answer));
  const next = { ...state, learnt: { ...state.learnt, challenge: answer.data } };
  // The card holds its last challenge for the external authentication: nothing may be asked in between.
  return {
    state: { ...next, place: { at: 'proof' } },
    step: { kind: 'authenticate', request: proofRequest(next) },
  };
}

function proofRequest({ learnt, start: { chosen } }: ReadState): CardProofRequest {
  assert(learnt.issuer !== undefined, 'the issuer file was read');
  assert(learnt.challenge !== undefined, 'the challenge was taken');
  const { region, historicalBytes: historical, algorithm, cardId } = learnt.issuer;
  return {
    region,
    historicalBytes: historical,
    algorithm,
    cardId,
    internalFactor: toHex(chosen.internalFactor),
    internalRaw: toHex(chosen.internalRaw),
    externalFactor: toHex(learnt.challenge),
    externalRaw: toHex(chosen.externalRaw),
  };
}

function proved(state: ReadState, result: Result<CardProof, Fault>): ReadTurn {
  if (!result.ok) {
    // The agency has spoken about this card: that is no outage.
    if (result.error.retry === 'permanent') return fail(state, result.error);
    return notProved(state, fault('card-authentication-unavailable', result.error.code));
  }
  const expected = eightBytes(result.value.internalData);
  const { issuer, cardProof } = state.learnt;
  assert(issuer !== undefined && cardProof !== undefined, 'the card has proved itself before');
  if (expected === undefined) {
    return notProved(state, fault('card-authentication-unavailable', 'answer is not eight bytes'));
  }
  if (!equalBytes(expected, cardProof)) return fail(state, fault('card-authentication-failed', 'internal'));
  if (issuer.generation !== 3) {
    return askHolderFile({ ...state, learnt: { ...state.learnt, authenticated: true } });
  }
  const external = eightBytes(result.value.externalData);
  if (external === undefined) {
    return notProved(state, fault('card-authentication-unavailable', 'answer is not eight bytes'));
  }
  return ask(
    state,
    { at: 'external' },
    externalAuthentication(keyNumber.rkSsse, external, state.start.chosen.externalRaw),
  );
}

/** Nobody could say whether the card is genuine: what then may be read is the caller's rule. */
function notProved(state: ReadState, reason: Fault): ReadTurn {
  if (state.start.authenticate === 'required') return fail(state, reason);
  const warned = { ...state, learnt: { ...state.learnt, warnings: [...state.learnt.warnings, reason] } };
  return state.learnt.issuer?.generation === 3 ? finish(warned) : askHolderFile(warned);
}

function holderStep(state: ReadState, step: FileStep): ReadTurn {
  if (step.kind === 'transmit') return ask(state, { at: 'holder', reading: step.reading }, step.command);
  if (step.kind === 'refused') {
    const { at, status } = step;
    if (status === statusWord.securityNotSatisfied) {
      return fail(state, fault('card-holder-file-closed', statusText(status)));
    }
    return fail(state, fault(at === 'file' ? 'card-data-invalid' : 'card-blank', statusText(status)));
  }
  const decoded = decodeHolder(namedValues(holderItems, step.values));
  if (!decoded.ok) return fail(state, decoded.error);
  const { holder, warnings } = decoded.value;
  return finish({
    ...state,
    learnt: { ...state.learnt, holder, warnings: [...state.learnt.warnings, ...warnings] },
  });
}

/** The last thing is the secret question, which the same card will be asked again before the sale counts. */
function finish(state: ReadState): ReadTurn {
  const command = questionOf(state);
  return command === undefined ? done(state) : ask(state, { at: 'question' }, command);
}

/** A card whose algorithm nobody can check is not asked; it is judged by its free data alone. */
function questionOf({ start: { question }, learnt }: ReadState): Uint8Array | undefined {
  if (question === undefined || learnt.cardProof === undefined) return undefined;
  return internalAuthentication(question.factor, question.raw);
}

function questioned(state: ReadState, answer: Answer): ReadTurn {
  const isAnswer = answer.status === statusWord.ok && answer.data.length === PROOF_LENGTH;
  const questionAnswer = isAnswer ? { questionAnswer: answer.data } : {};
  return done({ ...state, learnt: { ...state.learnt, ...questionAnswer } });
}

function done(state: ReadState): ReadTurn {
  const { issuer, holder, authenticated, warnings, questionAnswer } = state.learnt;
  assert(issuer !== undefined, 'a finished reading knows the issuer');
  const authenticatedBy = authenticated ? (state.start.authenticatedBy ?? 'agency') : 'none';
  const identity = { issuer, ...(holder === undefined ? {} : { holder }), authenticatedBy } as const;
  const asked = questionAnswer === undefined ? {} : { questionAnswer };
  return { state: { ...state, place: { at: 'end' } }, step: { kind: 'done', identity, warnings, ...asked } };
}

function fail(state: ReadState, reason: Fault): ReadTurn {
  return { state: { ...state, place: { at: 'end' } }, step: { kind: 'failed', fault: reason } };
}

function ask(state: ReadState, place: ReadPlace, command: Uint8Array): ReadTurn {
  const exchange = startExchange(command);
  const { start, learnt } = state;
  return { state: { start, place, exchange, learnt }, step: { kind: 'transmit', command } };
}

/**
 * What surely follows the last command while the card answers plainly (9000, 6A83): it may be sent together
 * with that command.
 */
export function commandsAhead(state: ReadState): readonly Uint8Array[] {
  const { place } = state;
  const afterHolder = questionOf(state);
  const holderEnd = afterHolder === undefined ? [] : [afterHolder];
  const proofOfCard = [questionOfProof(state), getChallenge];
  switch (place.at) {
    case 'environment':
      return [...issuerCommands, ...proofOfCard];
    case 'issuer':
      return aheadInFile(place.reading, proofOfCard);
    case 'holder':
      return aheadInFile(place.reading, holderEnd);
    case 'internal':
      return [getChallenge];
    case 'external':
      return [...holderCommands, ...holderEnd];
    default:
      return [];
  }
}

function aheadInFile(reading: FileReading, after: readonly Uint8Array[]): readonly Uint8Array[] {
  return reading.by === 'tag' ? [...laterCommands(reading), ...after] : [];
}

function commandsOf(step: FileStep): readonly Uint8Array[] {
  return step.kind === 'transmit' ? [step.command, ...laterCommands(step.reading)] : [];
}

const issuerCommands = commandsOf(startFileReading(issuerFile));
const holderCommands = commandsOf(startFileReading(holderFile));

/** How many of the commands come after the last record of a file: while they run, the file can be decoded. */
export function commandsAfterFile(commands: readonly Uint8Array[]): number {
  const lastRecord = commands.findLastIndex(isReadRecord);
  return lastRecord < 0 ? 0 : commands.length - 1 - lastRecord;
}

function askHolderFile(state: ReadState): ReadTurn {
  return holderStep(state, startFileReading(holderFile));
}

function notGenuine(answer: Answer): Fault {
  return fault('card-authentication-failed', statusText(answer.status));
}
