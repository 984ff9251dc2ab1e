import type { Message } from '@bufbuild/protobuf';
import { resourceTypes, urlOf } from '../envoy/types.ts';
import type { ResourceType } from '../envoy/types.ts';
import { Bell } from '../engine/bell.ts';
import { deltaResponse } from './messages.ts';
import type { Delta, DeltaRequest } from './messages.ts';
import type { Source } from './source.ts';
import { Subscription } from './subscription.ts';
import type { Nack } from './subscription.ts';

export interface DeltaStreamOptions {
  /** The zone of the hub's node; empty: none. */
  readonly zone: () => string;
  readonly source: Source;
  readonly signal: AbortSignal;
  readonly onNack: (type: ResourceType, nack: Nack) => void;
}

const typeOfUrl = new Map(resourceTypes.map((type) => [urlOf(type), type]));

/**
 * One stream of the delta protocol: from the requests of one Envoy to the responses. Each response is made when the
 * one before was written, so a hub that does not read holds no more than one.
 */
export async function* deltaStream(
  requests: AsyncIterable<DeltaRequest>,
  { zone, source, signal, onNack }: DeltaStreamOptions,
): AsyncGenerator<Message> {
  const subscriptions = new Map<ResourceType, Subscription>();
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const read = new AbortController();
  const reading = readAll(requests, subscriptions, { ring, onNack }).finally(() => read.abort());
  // What breaks it is thrown below.
  reading.catch(() => undefined);
  const over = AbortSignal.any([signal, read.signal]);
  over.addEventListener('abort', ring);
  const stop = source.onChange(ring);
  let nonce = 0;
  try {
    while (!over.aborted) {
      for (const delta of lacking(subscriptions, { zone, source, newNonce: () => String((nonce += 1)) })) {
        yield deltaResponse(delta);
      }
      await bell.heard();
    }
    if (!signal.aborted) await reading;
  } finally {
    stop();
  }
}

/** Takes in requests until there are no more. Throws when the stream breaks. */
async function readAll(
  requests: AsyncIterable<DeltaRequest>,
  subscriptions: Map<ResourceType, Subscription>,
  { ring, onNack }: { readonly ring: () => void } & Pick<DeltaStreamOptions, 'onNack'>,
): Promise<void> {
  for await (const request of requests) {
    const type = typeOfUrl.get(request.typeUrl);
    // A newer Envoy may ask for types that we have none of.
    if (type === undefined) continue;
    const subscription = subscriptions.get(type) ?? new Subscription(request.typeUrl, request);
    subscriptions.set(type, subscription);
    const nack = subscription.hear(request);
    if (nack !== undefined) onNack(type, nack);
    ring();
  }
}

/**
 * What the Envoy lacks, in the order in which it can use it: a cluster before its endpoints. Routes come when it has
 * replied to its listeners: among them are those by which it says that it is ready.
 */
function* lacking(
  subscriptions: ReadonlyMap<ResourceType, Subscription>,
  { zone, source, newNonce }: Pick<DeltaStreamOptions, 'zone' | 'source'> & { readonly newNonce: () => string },
): Iterable<Delta> {
  for (const type of resourceTypes) {
    if (type === 'RouteConfiguration' && subscriptions.get('Listener')?.hasReplied !== true) continue;
    const delta = subscriptions.get(type)?.next(source.resources(type, zone()), newNonce);
    if (delta !== undefined) yield delta;
  }
}
