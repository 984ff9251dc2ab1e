import type { JsonObject } from '@bufbuild/protobuf';

/** Where Envoy gets what a resource names: over the stream on which it got the resource. */
export const fromControlPlane: JsonObject = { ads: {}, resourceApiVersion: 'V3' };

/** A message inside an `Any`, by its full name. */
export function typed(name: string, message: JsonObject = {}): JsonObject {
  return { '@type': `type.googleapis.com/${name}`, ...message };
}
