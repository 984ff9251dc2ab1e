import { DEFAULT_ZONE_PRICE_MS } from '../api/hub.ts';
import type { StationSpec } from '../api/station.ts';
import type { ZonePrice } from '../balance/flow.ts';

/** What a request costs that is served in another zone, as the Kitchen declares it. */
export function zonePriceOf(spec: Pick<StationSpec, 'hub'> | undefined): ZonePrice {
  const prices = spec?.hub?.prices ?? {};
  return (hubZone, zone) => prices[hubZone]?.[zone] ?? (hubZone === zone ? 0 : DEFAULT_ZONE_PRICE_MS);
}
