import { type Finding, type FindingKind, finding } from './finding.ts';

/** More are counted, not kept: after the first hundred places nobody reads on. */
const KEPT = 100;

/** Collects findings; the first ones with their words, the others as a number. */
export class Findings {
  readonly #kept: Finding[] = [];
  #count = 0;

  add(kind: FindingKind, place: Parameters<typeof finding>[1], detail?: string): void {
    this.#count += 1;
    if (this.#kept.length < KEPT) this.#kept.push(finding(kind, place, detail));
  }

  get count(): number {
    return this.#count;
  }

  all(): readonly Finding[] {
    return [...this.#kept];
  }
}
