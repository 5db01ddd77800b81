import type { Clock } from '#core/clock';
import type { Policy } from '#core/policy';
import { AgencyControl } from '#simulators/agency/control';
import { FaultBoard } from '#simulators/agency/faults';
import { AgencyGateway } from '#simulators/agency/gateway';
import { HeldRequests } from '#simulators/agency/held';
import { AgencyLink } from '#simulators/agency/link';
import type { CatalogEntry } from '#simulators/agency/policy';
import { createContext } from '#simulators/agency/simulator';

/** The simulated agency without any socket: its gateway takes the bytes of a message and answers bytes. */
export interface WorldAgency {
  readonly gateway: AgencyGateway;
  readonly control: AgencyControl;
  close(): void;
}

/** Books in memory; they outlive every crash of the till. */
export function openWorldAgency(
  clock: Clock,
  policies: readonly Policy[],
  catalog: readonly CatalogEntry[],
): WorldAgency {
  const { context, catalogue } = createContext({ clock, policies, catalog });
  const faults = new FaultBoard();
  const gateway = new AgencyGateway(context, undefined, undefined, () => undefined);
  const held = new HeldRequests(context.database, clock, () => undefined);
  const link = new AgencyLink(gateway, faults, held, clock);
  return {
    gateway,
    control: new AgencyControl(context, { gateway, faults, held, link, catalogue }),
    close: () => context.database.close(),
  };
}
