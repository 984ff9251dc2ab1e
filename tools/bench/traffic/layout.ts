/** A node of the benchmark: a process with pods in it, at an address of its own. */
export interface Place {
  readonly name: string;
  readonly zone: string;
  readonly address: string;
}

/** A pod: a port of its node that answers HTTP/1.1. */
export interface Pod {
  /** It says so in each answer. */
  readonly name: string;
  readonly zone: string;
  readonly address: string;
  readonly port: number;
}

/** The header by which an answer tells its pod. */
export const POD_HEADER = 'x-pod';

/** The zone that faults hit. */
export const DOOMED = 'zone-a';

export const PODS_PER_NODE = 3;
const NODES_PER_ZONE = 2;

/** 3 zones of 2 nodes. */
export const places: readonly Place[] = [DOOMED, 'zone-b', 'zone-c'].flatMap((zone, zoneIndex) =>
  Array.from({ length: NODES_PER_ZONE }, (_, index) => ({
    name: `${zone}-${index + 1}`,
    zone,
    address: `127.0.${zoneIndex + 1}.${index + 1}`,
  })),
);
