import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescService, FileRegistry, JsonObject } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** Descriptors of exactly Envoy 1.40, written by tools/generate/envoy. */
const file = new URL('./descriptors.binpb', import.meta.url);

let loaded: FileRegistry | undefined;

/** Every message and service of Envoy's API. Reading them takes memory, so it waits until a hub is wanted. */
function registry(): FileRegistry {
  loaded ??= createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
  return loaded;
}

/** A message by its full name. Throws when Envoy has none of that name. */
export function messageNamed(name: string): DescMessage {
  const found = registry().getMessage(name);
  if (found === undefined) throw new Error(`Envoy has no message ${name}`);
  return found;
}

/** A service by its full name. Throws when Envoy has none of that name. */
export function serviceNamed(name: string): DescService {
  const found = registry().getService(name);
  if (found === undefined) throw new Error(`Envoy has no service ${name}`);
  return found;
}

/** A message from JSON as Envoy's own documentation has it. Throws when a field is unknown or has the wrong type. */
export function encode(name: string, json: JsonObject): Uint8Array {
  const schema = messageNamed(name);
  return toBinary(schema, fromJson(schema, json, { registry: registry() }));
}
