/** Thrown only for bugs: an assumption of the program itself does not hold. Never caught to go on selling. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Stops the program loudly when `condition` is false. Stays on in production; one condition per call. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new AssertionFailed(sentence);
}

/** The never-case of a union: reaching it means that a new member was not handled. */
export function unreachable(value: never, what: string): never {
  throw new AssertionFailed(`unhandled ${what}: ${JSON.stringify(value)}`);
}
