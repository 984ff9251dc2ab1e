import { shortHash } from './hash.ts';
import { ANYWHERE, showZone, UNZONED } from './zone.ts';
import type { ZoneName } from './zone.ts';

/** Kubernetes' DNS label, beginning with a letter, as the name of a Service must before 1.34. */
export const DNS_LABEL = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/**
 * Characters that a Deployment's name may have. Kubernetes cuts it to 58 characters before it adds a pod's five random
 * ones: with up to 57, a pod's name shows the whole Deployment name and a dash.
 */
export const DEPLOYMENT_NAME_MAX = 57;

/** Length of the hash form of a zone that stands alone: `h` and 8 hexadecimal characters. */
const HASH_LENGTH = 9;

/** Characters that `<kitchen>-<station>` may have, so that a dash and at least the hash of any zone fit behind it. */
export const STATION_NAME_MAX = DEPLOYMENT_NAME_MAX - 1 - HASH_LENGTH;

/** Characters of the longest station name inside a Kitchen. */
export const STATION_PART_MAX = 40;

/** Characters of a zone that goes into names and labels; the longest known of a cloud has 25. */
const ZONE_SLUG_MAX = 32;

const dnsLabel = new RegExp(DNS_LABEL);
const zoneLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const looksHashed = /(^|-)h[0-9a-f]{8}$/;

/** The name of the Station, its Service and its budget: `<kitchen>-<station>`. */
export function stationName(kitchen: string, station: string): string {
  return `${kitchen}-${station}`;
}

/** The name of the Service that selects a station's pods while the station's own leads to the hubs. */
export function podsServiceName(kitchen: string, station: string): string {
  return `${stationName(kitchen, station)}-pods`;
}

/**
 * The name of a station's Deployment in a zone: `<kitchen>-<station>-<zone>`. The zone is its slug, or only its hash
 * where the name would be too long. Two stations of one Kitchen can produce the same name (`a` in `b-c`, `a-b` in `c`):
 * the labels tell which of them a Deployment belongs to.
 */
export function deploymentName(kitchen: string, station: string, zone: ZoneName): string {
  const prefix = `${stationName(kitchen, station)}-`;
  const slug = zoneSlug(zone);
  return prefix.length + slug.length <= DEPLOYMENT_NAME_MAX ? prefix + slug : prefix + hashForm(zone);
}

/**
 * A zone as a DNS label of at most 32 characters: itself when it is one, else its readable part and a hash. Different
 * zones have different slugs: real zones that are called `none` or `any`, or that look like a hash form, get the hash
 * form as well.
 */
export function zoneSlug(zone: ZoneName): string {
  if (zone === UNZONED || zone === ANYWHERE) return showZone(zone);
  const plain = zoneLabel.test(zone) && zone.length <= ZONE_SLUG_MAX && !looksHashed.test(zone);
  if (plain && zone !== 'none' && zone !== 'any') return zone;
  const readable = zone
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, ZONE_SLUG_MAX - HASH_LENGTH - 1);
  return [readable.replaceAll(/^-+|-+$/g, ''), hashForm(zone)].filter((part) => part !== '').join('-');
}

/** What is wrong with the names of a Kitchen and a station, and what would be right; `undefined` when every child can be named. */
export function nameProblem(kitchen: string, station: string): string | undefined {
  if (!dnsLabel.test(kitchen)) return `metadata.name ${JSON.stringify(kitchen)}: ${nameAdvice('Kitchen', 'pizzeria')}`;
  if (!dnsLabel.test(station)) return `station name ${JSON.stringify(station)}: ${nameAdvice('station', 'grill')}`;
  if (station.length > STATION_PART_MAX) {
    return `station name ${station} has ${station.length} characters: it may have at most ${STATION_PART_MAX}`;
  }
  const whole = stationName(kitchen, station);
  if (whole.length <= STATION_NAME_MAX) return undefined;
  return `${whole} has ${whole.length} characters: ${LENGTH_ADVICE}`;
}

/** What is right for names that are too long together. */
export const LENGTH_ADVICE = `<kitchen>-<station> may have at most ${STATION_NAME_MAX} characters, so that Deployments and pods can be named after it; shorten the Kitchen's name or the station's`;

/** What is right for a name that is no DNS label. */
export function nameAdvice(kind: 'Kitchen' | 'station', example: string): string {
  return `the name of a ${kind} must be lower-case letters, digits and '-', begin with a letter and not end with '-', such as ${example}`;
}

function hashForm(zone: ZoneName): string {
  return `h${shortHash(zone)}`;
}
