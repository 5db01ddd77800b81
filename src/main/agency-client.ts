import { createAgencyClient } from '#agency/client';
import type { AgencyPort, MessageIdSource } from '#agency/port';
import type { SettingsDesk } from '#checkout/parts';
import { systemClock } from '#core/clock';
import type { Config } from '#core/config/schema';
import type { RecordsPlace } from './records.ts';

/** What a shop is started with. */
export interface ShopSettings extends RecordsPlace {
  readonly xTifToken?: string;
  /** The configuration file, for a look at it while the shop runs. */
  readonly settings?: SettingsDesk;
}

export function agencyAddress(config: Config) {
  const { url: baseUrl, paths, allow_plain_http: allowPlainHttp } = config.agency;
  return { baseUrl, style: 'path' as const, paths, allowPlainHttp };
}

/** The agency of the configuration. */
export function agencyClient({ config, xTifToken }: ShopSettings, messageIds: MessageIdSource): AgencyPort {
  const { agency, shop } = config;
  const { baseUrl, paths, allowPlainHttp } = agencyAddress(config);
  return createAgencyClient({
    baseUrl,
    paths,
    allowPlainHttp,
    institution: { code: shop.institution_code, name: shop.name },
    region: shop.region,
    receiverSystem: agency.receiver_system,
    interfaceVersion: agency.interface_version,
    deviceNumber: agency.device_number,
    ...(agency.account === '' || xTifToken === undefined
      ? {}
      : { xTif: { account: agency.account, token: xTifToken } }),
    timeouts: { connectMs: agency.connect_timeout_ms, answerMs: agency.answer_timeout_ms },
    relations: { accountInsideFund: agency.account_inside_fund },
    clock: systemClock,
    messageIds,
  });
}
