import { FakeSecurityModule } from '#drivers/security-module/fake';
import { securityModuleContract } from './security-module-contract.ts';

securityModuleContract('in process', async () => {
  const module = new FakeSecurityModule();
  await module.start();
  return {
    module,
    insert: async (card) => module.insert(card),
    pull: async () => module.pull(),
    stop: () => module.stop(),
  };
});
