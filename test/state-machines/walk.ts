import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from 'xstate';

/** Walks a machine purely: no actor runs, outcomes of effects are fed by hand. */
export function walker<M extends AnyStateMachine>(machine: M, input?: unknown) {
  let [snapshot] = initialTransition(machine, input as never) as unknown as [AnyMachineSnapshot];
  return {
    send(event: { type: string } & Record<string, unknown>) {
      [snapshot] = transition(machine, snapshot as never, event as never) as unknown as [AnyMachineSnapshot];
      return this;
    },
    done(id: string, output?: unknown) {
      return this.send({ type: `xstate.done.actor.${id}`, output, actorId: id });
    },
    fails(id: string) {
      return this.send({ type: `xstate.error.actor.${id}`, error: new Error('broken effect'), actorId: id });
    },
    get value() {
      return snapshot.value;
    },
    get context() {
      return snapshot.context;
    },
    matches(value: unknown) {
      return snapshot.matches(value as never);
    },
  };
}
