/** Where to listen: `host` undefined means every interface, port 0 any free port. */
export interface Address {
  readonly host: string | undefined;
  readonly port: number;
}

const written = /^(?:\[(?<six>[0-9a-fA-F:]+)\]|(?<host>[^:[\]\s]*)):(?<port>\d{1,5})$/;

/** Reads `127.0.0.1:8080`, `:8080` or `[::1]:8080`. Throws an Error that shows a correct example. */
export function parseAddress(text: string): Address {
  const parts = written.exec(text)?.groups;
  const port = Number(parts?.['port']);
  if (parts === undefined || port > 65_535) {
    throw new Error(
      `${JSON.stringify(text)} is not an address to listen on: write HOST:PORT or :PORT, as in 127.0.0.1:8080`,
    );
  }
  const host = parts['six'] ?? parts['host'];
  return { host: host === '' ? undefined : host, port };
}

/** The address as it is written in a URL. */
export function printAddress(address: Address): string {
  if (address.host === undefined) return `0.0.0.0:${address.port}`;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
