import { readFileSync } from 'node:fs';
import { assert } from '#core/assert';

export interface ExampleStep {
  readonly to: 'card' | 'psam';
  readonly command: string;
  readonly answer: string;
}

export interface Example {
  readonly id: string;
  readonly steps: readonly ExampleStep[];
  readonly crypto?: Readonly<Record<string, string>>;
}

export interface ExampleCard {
  readonly version: string;
  readonly contactAtr: string;
  readonly contactlessAtr: string | null;
  readonly historicalBytes: string;
  readonly cardFactor: string;
  readonly issuerRecords: readonly string[];
  readonly holderRecords: readonly string[];
  readonly name: string;
  readonly socialSecurityNumber: string;
  readonly cardNumber: string;
}

interface Fixture {
  readonly cards: Readonly<Record<'A' | 'B' | 'C', ExampleCard>>;
  readonly factors: { readonly province: string; readonly city: string };
  readonly examples: readonly Example[];
}

const url = new URL('../../../fixtures/virtual-card-examples.json', import.meta.url);

/** Invented byte records; the file's head says so. */
export const fixture: Fixture = JSON.parse(readFileSync(url, 'utf8'));

export function example(id: string): Example {
  const found = fixture.examples.find((one) => one.id === id);
  assert(found !== undefined, `the fixture has example ${id}`);
  return found;
}

export function cryptoOf(id: string, name: string): string {
  const value = example(id).crypto?.[name];
  assert(value !== undefined, `example ${id} has the value ${name}`);
  return value;
}
