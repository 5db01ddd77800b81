import { readFileSync } from 'node:fs';
import type { CardProof, CardProofRequest } from '#core/domain/card-proof';
import type { Fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import type { Result } from '#core/result';
import { advance, startRead } from '#drivers/card-reader/application/read';
import type { ReadStart, ReadStep } from '#drivers/card-reader/application/read-state';

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

/** The three commands of an authentication that every card is asked, with given bytes. */
export function challengeSteps(
  internal: { raw: string; factor: string; answer: readonly Step[] },
  external: { raw: string; factor: string },
): Step[] {
  return [
    ['0084000008', internal.raw, '9000'],
    ['0084000008', internal.factor, '9000'],
    ...internal.answer,
    ['0084000008', external.raw, '9000'],
    ['0084000008', external.factor, '9000'],
  ];
}

export interface Outcome {
  readonly last: Extract<ReadStep, { readonly kind: 'done' | 'failed' }>;
  readonly requests: readonly CardProofRequest[];
  /** Steps of the script that were not asked for. */
  readonly left: number;
}

/** Runs a reading against a script: every command must be exactly the next one of the script. */
export function driveScript(
  start: ReadStart,
  script: readonly Step[],
  proof: (request: CardProofRequest) => Result<CardProof, Fault>,
): Outcome {
  const requests: CardProofRequest[] = [];
  let at = 0;
  let turn = startRead(start);
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
