import { readFileSync } from 'node:fs';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { Fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import type { Result } from '#core/result';
import { advance, startRead } from '#drivers/card-reader/application/read';
import type { ChosenValues, ReadStart, ReadStep } from '#drivers/card-reader/application/read-state';

export type Step = readonly [command: string, data: string, status: string];

export interface ExampleCard {
  readonly version: string;
  readonly contactAtr: string;
  readonly contactlessAtr: string | null;
  readonly factor: string;
  readonly issuerRecords: readonly string[];
  readonly holderRecords: readonly string[];
  readonly name: string;
  readonly socialSecurityNumber: string;
  readonly cardNumber: string;
}

export interface Example {
  readonly steps: readonly Step[];
  readonly internalData?: string;
  readonly externalData?: string;
  readonly atr?: string;
  readonly historicalBytes?: string;
}

interface Fixture {
  readonly cards: Readonly<Record<'A' | 'B' | 'C', ExampleCard>>;
  readonly examples: Readonly<Record<string, Example>>;
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/card-examples.json', import.meta.url), 'utf8'),
) as Fixture;

export const exampleCards = fixture.cards;

export function example(id: string): Example {
  const found = fixture.examples[id];
  if (found === undefined) throw new Error(`no example ${id}`);
  return found;
}

export function answerBytes(step: Step): Uint8Array {
  return concatBytes(fromHex(step[1]), fromHex(step[2]));
}

/** Steps that read `records` by tag from the selected file. */
export function recordSteps(records: readonly string[]): Step[] {
  return records.map((record) => {
    const length = (record.length / 2).toString(16).toUpperCase().padStart(2, '0');
    return [`00B2${record.slice(0, 2)}00${length}`, record, '9000'] as const;
  });
}

/**
 * What the terminal draws in the examples' place. Their logs take these values from the card as well; the card
 * reference leaves them to the terminal, and so do we.
 */
export const exampleValues: ChosenValues = {
  internalFactor: fromHex('99AABBCCDDEEFF00'),
  internalRaw: fromHex('1122334455667788'),
  externalRaw: fromHex('0102030405060708'),
};

/** Internal authentication as the example has it, then the challenge for the external one. */
export function proofSteps(internal: readonly Step[]): Step[] {
  return [...internal, ['0084000008', 'A1A2A3A4A5A6A7A8', '9000']];
}

export interface Outcome {
  readonly last: Extract<ReadStep, { readonly kind: 'done' | 'failed' }>;
  readonly requests: readonly CardProofRequest[];
  /** Steps of the script that were not asked for. */
  readonly left: number;
}

/** Runs a reading against a script: every command must be exactly the next one of the script. */
export function driveScript(
  start: Omit<ReadStart, 'chosen'>,
  script: readonly Step[],
  proof: (request: CardProofRequest) => Result<CardProof, Fault>,
): Outcome {
  const requests: CardProofRequest[] = [];
  let at = 0;
  let turn = startRead({ chosen: exampleValues, ...start });
  for (;;) {
    const { step } = turn;
    if (step.kind === 'done' || step.kind === 'failed')
      return { last: step, requests, left: script.length - at };
    if (step.kind === 'authenticate') {
      requests.push(step.request);
      turn = advance(turn.state, { kind: 'proof', result: proof(step.request) });
      continue;
    }
    const next = script[at];
    if (next === undefined) throw new Error(`command ${toHex(step.command)} after the end of the script`);
    if (toHex(step.command) !== next[0]) {
      throw new Error(`step ${at}: command ${toHex(step.command)}, the example has ${next[0]}`);
    }
    at += 1;
    turn = advance(turn.state, { kind: 'answer', bytes: answerBytes(next) });
  }
}
