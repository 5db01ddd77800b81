import { z } from 'zod';
import { catalogTools, type ShopSettings } from '#main';
import { TillClient } from './till-client.ts';

const tillAnswer = z.object({ catalog: z.object({ version: z.string() }) });

/**
 * The catalogue version in use: a running till says it, without one the records; when neither can be asked, the
 * newest version in the folder.
 */
export async function versionInUse(settings: ShopSettings): Promise<string | undefined> {
  const till = TillClient.forSettings(settings);
  const told = till.ok ? await till.value.call('GET', '/api/till') : till;
  const answered = told.ok ? tillAnswer.safeParse(told.value) : undefined;
  if (answered?.success) return answered.data.catalog.version;
  const { catalogInUseOffline, newestCatalog } = await catalogTools();
  const kept = told.ok ? undefined : await catalogInUseOffline(settings);
  return kept?.ok && kept.value !== undefined ? kept.value : newestCatalog(settings.folder);
}
