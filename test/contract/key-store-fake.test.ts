import { FakeKeyStore } from '#drivers/key-store/fake';
import { keyStoreContract } from './key-store-contract.ts';

keyStoreContract('in memory', async (clock) => ({ store: new FakeKeyStore({ clock }) }));
