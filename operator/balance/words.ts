import type { Choice } from './choose.ts';
import type { ZoneFigures } from './zoneFigures.ts';

/**
 * Why the hubs of a zone send where they do, with the numbers: `zone-a 57 %, zone-b 22 %, zone-c 21 %: 300/s ask; zone-a
 * does 198/s with 6 pods, 140 under way, 707 ms each, which is a line; …`
 */
export function choiceWords(hubZone: string, { shares, figures, rates }: Choice): string {
  const parts = [...(shares.get(hubZone) ?? [])]
    .filter(([, share]) => share >= 0.005)
    .toSorted(([, a], [, b]) => b - a)
    .map(([zone, share]) => `${nameOf(zone)} ${Math.round(share * 100)} %`);
  const told = figures.filter(({ pods }) => pods > 0).map(zoneWords);
  return `${parts.join(', ')}: ${Math.round(rates.get(hubZone) ?? 0)}/s ask; ${told.join('; ')}`;
}

function zoneWords({ zone, pods, done, inFlight, waitS, hasLine }: ZoneFigures): string {
  const wait =
    waitS === undefined ? '' : Number.isFinite(waitS) ? `, ${Math.round(waitS * 1000)} ms each` : ', none back';
  const line = hasLine ? ', which is a line' : '';
  const many = pods === 1 ? '1 pod' : `${pods} pods`;
  return `${nameOf(zone)} does ${Math.round(done)}/s with ${many}, ${Math.round(inFlight)} under way${wait}${line}`;
}

/** A node may have no zone. */
function nameOf(zone: string): string {
  return zone === '' ? '(no zone)' : zone;
}
